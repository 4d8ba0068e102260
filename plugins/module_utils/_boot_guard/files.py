# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The boot guard's files on a host: its program, its unit, and a drop-in of the server's unit.

The program is an archive of the very files of this collection that it imports, so that what runs
at a boot is what a run of the collection does. It holds no secret.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    program as _program,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    archive as _archive,
    own as _own,
    service as _service,
)

PROGRAM = "/usr/local/lib/streamward/boot-guard.pyz"
UNIT = "/etc/systemd/system/" + _program.UNIT
DROP_IN = f"/etc/systemd/system/{_service.UNIT}.d/{_program.NAME}.conf"

_DROP_IN = """\
# Written by streamward.antmedia for antmedia_boot_guard; `antmedia_boot_guard: false` removes it.
# A plus sign runs a command as root, whatever the account of the server.
[Unit]
After=nftables.service firewalld.service ufw.service

[Service]
ExecStartPre=+{program} close {home}
ExecStartPost=+{systemctl} --no-block start {unit}
ExecStopPost=+{systemctl} stop {unit}
ExecStopPost=+{program} open {home}
"""
# No dependency on the server's unit: each start of the server starts a check of its own, and each
# end ends it. Not stopped at a shutdown either, since stopping it opens the ports. An ExecStop
# would be called when a check ends by itself, too, and would open what was not proved.
_UNIT = """\
# Written by streamward.antmedia for antmedia_boot_guard; `antmedia_boot_guard: false` removes it.
[Unit]
Description=Boot guard of Ant Media Server: keeps its ports closed until it is proved
DefaultDependencies=no
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart={program} check {home}
ExecStopPost={program} ended {home}
SyslogIdentifier={name}
"""


class GuardError(RuntimeError):
    """The guard could not be installed, removed or ended; the text says why."""


@dataclass(frozen=True)
class GuardFile:
    """A file of the guard: its bytes as they are and are to be, None for no file."""

    path: str
    old: bytes | None = field(repr=False)
    new: bytes | None = field(repr=False)
    mode: int = 0o644


def contents(home: str) -> dict[str, bytes]:
    """The bytes of each file, in the order in which they are to come.

    :raises GuardError: when the host has nothing to run the program with.
    """
    interpreter = _own.python()
    if not interpreter:
        raise GuardError(f"boot guard: {_own.NO_PYTHON}")
    values = {
        "program": f"{_own.quoted(interpreter)} -I {PROGRAM}",
        "home": _own.quoted(home),
        "name": _program.NAME,
        "unit": _program.UNIT,
        "systemctl": shutil.which("systemctl") or "/usr/bin/systemctl",
    }
    return {
        PROGRAM: _archive.build(_program),
        UNIT: _UNIT.format(**values).encode("utf-8"),
        DROP_IN: _DROP_IN.format(**values).encode("utf-8"),
    }


def installed() -> bool:
    """Whether the guard is on this host, at least in part."""
    return any(os.path.lexists(path) for path in (DROP_IN, UNIT, PROGRAM))


def watched() -> str | None:
    """The home of the server that the guard on this host watches, None where there is no guard."""
    for line in (_own.read(DROP_IN) or b"").decode("utf-8", "replace").splitlines():
        if line.startswith("ExecStartPre="):
            home = shlex.split(line)[-1].replace("%%", "%").replace("$$", "$")
            return os.path.realpath(home)
    return None


def watches(home: str) -> bool:
    """Whether the guard is on this host, and watches the server of a home."""
    return watched() == os.path.realpath(home)
