# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The TCP ports of this host that listen, at which address, and whether the server has them.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    network as _network,
    rights as _rights,
    sockets as _sockets,
)

MOST = 500


def look(scene: Scene) -> list[dict[str, Any]]:
    """The sockets, by port.

    server: whether the running server has it; None where that cannot be seen.

    :raises OSError: when nobody says.
    """
    process = scene.process
    found = sorted(
        _sockets.every(process.pid if process and _network.apart(process) else None),
        key=lambda one: (one.port, str(one.address)),
    )
    if len(found) > MOST:
        scene.files.cannot("listens", f"more than {MOST} ports listen; the others were left out")
    found = found[:MOST]
    own = _held(process.pid, found) if process else set()
    return [
        {
            "address": str(one.address),
            "port": one.port,
            "account": _rights.account(one.uid),
            "server": None if own is None else one.inode in own,
        }
        for one in found
    ]


def _held(pid, found):
    """The sockets of the server; None where it does not show them."""
    try:
        return _sockets.held(pid, {one.inode for one in found})
    except OSError:
        return None
