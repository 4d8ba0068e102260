# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The boot guard's files on a host: its program, its unit, and a drop-in of the server's unit.

The program is an archive of the very files of this collection that it imports, so that what runs
at a boot is what a run of the collection does. It holds no secret.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    program as _program,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    archive as _archive,
    place as _place,
    service as _service,
)

PROGRAM = "/usr/local/lib/streamward/boot-guard.pyz"
UNIT = "/etc/systemd/system/" + _program.UNIT
DROP_IN = f"/etc/systemd/system/{_service.UNIT}.d/{_program.NAME}.conf"

PYTHONS = ("/usr/bin/python3", "/usr/libexec/platform-python", sys.executable)
OLDEST_PYTHON = (3, 8)
_OLDEST = ".".join(map(str, OLDEST_PYTHON))
NO_PYTHON = f"this host has no Python {_OLDEST} or newer that only root can change"

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


def python() -> str | None:
    """The host's own Python, which outlives an environment; None where none is new enough."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    for path in PYTHONS:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if _place.exchangeable(path):
                continue  # who can put another program there would become root at the next start
            subprocess.run([path, "-I", "-c", check], check=True, timeout=30)
            return path
    return None


def _quoted(text: str) -> str:
    """A word of a command line in a unit."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != text or " " in text else text


def contents(home: str) -> dict[str, bytes]:
    """The bytes of each file, in the order in which they are to come.

    :raises GuardError: when the host has nothing to run the program with.
    """
    interpreter = python()
    if not interpreter:
        raise GuardError(f"boot guard: {NO_PYTHON}")
    values = {
        "program": f"{_quoted(interpreter)} -I {PROGRAM}",
        "home": _quoted(home),
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
    for line in (read(DROP_IN) or b"").decode("utf-8", "replace").splitlines():
        if line.startswith("ExecStartPre="):
            home = shlex.split(line)[-1].replace("%%", "%").replace("$$", "$")
            return os.path.realpath(home)
    return None


def watches(home: str) -> bool:
    """Whether the guard is on this host, and watches the server of a home."""
    return watched() == os.path.realpath(home)


def read(path: str) -> bytes | None:
    """A file of the guard; None where there is none."""
    try:
        return _place.read(path).data
    except FileNotFoundError:
        return None


def safe(path: str) -> bool:
    """Whether nobody but the account of this run, which is root, can write a file of root's."""
    with _place.find(path) as at:
        status = at.status()
    if not status or not stat.S_ISREG(status.st_mode):
        return False
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def write(path: str, data: bytes | None, mode: int) -> None:
    """Have a file of the guard; None for no file."""
    if data is None:
        with contextlib.suppress(FileNotFoundError), _place.find(path) as at:
            at.drop(at.name)
        return
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    content = _place.Content(data, mode, os.geteuid(), os.getegid())
    with _place.find(path) as at:
        at.replace(at.name, content, by=at.beside(".streamward-new"))
