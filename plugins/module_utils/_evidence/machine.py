# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The machine and who looks at it: its name, its memory, whether this is a container, whether root.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import platform
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
    rights as _rights,
)

# What container engines leave in every one of theirs.
MARKS = ("/.dockerenv", "/run/.containerenv")


def look(scene: Scene) -> dict[str, Any]:
    """Tell of the machine.

    inside: whether this run is in a container; server_inside: whether the server is in one that
    this run is not in. operator: where the connection of this run came from, empty for a local one.
    """
    process = scene.process
    return {
        "name": platform.node(),
        "root": os.geteuid() == 0,
        "account": _rights.account(os.geteuid()),
        "inside": any(map(_installation.is_there, MARKS)),
        "server_inside": bool(process and _process.in_container(process.pid)),
        "operator": "".join(_process.connected_from()),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
    }
