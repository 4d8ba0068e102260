# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What systemd's unit of the server allows it: the account it runs as, and how it is shut in.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import stat
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    place as _place,
    rights as _rights,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import unit as _unit

# What is told, of the section Service: nothing that could hold a secret.
FLAGS = frozenset(
    (
        *("User", "Group", "SupplementaryGroups", "DynamicUser", "UMask", "PermissionsStartOnly"),
        *("NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities", "SystemCallFilter"),
        *("ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "ReadWritePaths"),
        *("ProtectKernelTunables", "ProtectKernelModules", "ProtectControlGroups"),
        *("ProtectProc", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictSUIDSGID"),
        *("LockPersonality", "MemoryDenyWriteExecute", "IPAddressAllow", "IPAddressDeny"),
        *("Restart", "RestartSec", "RuntimeMaxSec", "TimeoutStopSec", "WatchdogSec", "Type"),
        *("LimitNOFILE", "LimitCORE", "TasksMax", "MemoryMax", "WorkingDirectory"),
    )
)


def look(scene: Scene) -> dict[str, Any] | None:
    """The unit; None where systemd does not run, or has none for the server.

    flags: the last value of each. files: those it is read from, with mode and owner.
    """
    if not _service.systemd_runs():
        return None
    lines = [line for line in _unit.said(scene.files) if line.section == "Service"]
    if not lines:
        return None
    return {
        "flags": {line.key: line.value for line in lines if line.key in FLAGS},
        "files": [_file(path) for path in dict.fromkeys(line.path for line in lines)],
    }


def _file(path: str) -> dict[str, Any]:
    with _place.find(path) as at:
        seen = at.status()
    mode = stat.S_IMODE(seen.st_mode) if seen else 0
    owner = _rights.account(seen.st_uid) if seen else ""
    return {"path": os.path.normpath(path), "mode": format(mode, "04o"), "owner": owner}
