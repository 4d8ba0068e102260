# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A mark on the host: what it enforces was changed, and nobody has proved it since.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os

NAME = ".streamward-unproved"


def marked(home):
    """Whether the mark is there."""
    return os.path.lexists(os.path.join(home, "conf", NAME))


def mark(home):
    """Leave the mark, on disk when this returns.

    The folder belongs to the server's account, so what lies there already is never opened.

    :arg home: folder of the installation.
    :raises OSError: when that cannot be done.
    """
    folder = os.open(os.path.join(home, "conf"), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with contextlib.suppress(FileExistsError):
            os.close(os.open(NAME, flags, 0o600, dir_fd=folder))
        os.fsync(folder)
    finally:
        os.close(folder)


def forget(home):
    """Remove the mark; whether there was one.

    Neither follows a link nor removes a folder, which is another's and no mark of ours.

    :arg home: folder of the installation.
    :raises OSError: when that cannot be done.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    folder = os.open(os.path.join(home, "conf"), flags)
    try:
        os.unlink(NAME, dir_fd=folder)
        os.fsync(folder)
    except FileNotFoundError:
        return False
    finally:
        os.close(folder)
    return True
