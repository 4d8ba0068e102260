# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files of root's own that this collection installs on a host, and the Python that runs them.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys

from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place

PYTHONS = ("/usr/bin/python3", "/usr/libexec/platform-python", sys.executable)
OLDEST_PYTHON = (3, 8)
_OLDEST = ".".join(map(str, OLDEST_PYTHON))
NO_PYTHON = f"this host has no Python {_OLDEST} or newer that only root can change"


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


def quoted(text: str) -> str:
    """A word of a command line in a unit."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != text or " " in text else text


def read(path: str) -> bytes | None:
    """What a file holds; None where there is none."""
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


def write(path: str, data: bytes | None, mode: int, group: int | None = None) -> None:
    """Have a file; None for no file.

    :kwarg group: that it belongs to, in place of this run's.
    """
    if data is None:
        with contextlib.suppress(FileNotFoundError), _place.find(path) as at:
            at.drop(at.name)
        return
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    group = os.getegid() if group is None else group
    content = _place.Content(data, mode, os.geteuid(), group)
    with _place.find(path) as at:
        at.replace(at.name, content, by=at.beside(".streamward-new"))
        at.sync()
