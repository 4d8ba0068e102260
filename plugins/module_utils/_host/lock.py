# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run at a time on an installation.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils import _wait
from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place

POLL_SECONDS = 0.1


class Locked(RuntimeError):
    """Another run works on the installation."""


@contextlib.contextmanager
def hold(home: str, seconds: float) -> Iterator[None]:
    """Lock an installation; a child process made meanwhile keeps the lock until it ends too.

    The lock is on the folder of the server's own file: nothing is written for it, and a killed run
    leaves none. Where there is no such folder, nothing is locked.

    :arg home: folder of the installation.
    :arg seconds: how long to wait for another run to end.
    :raises Locked: when the other run goes on for longer.
    """
    try:
        with _place.folder(os.path.join(home, "conf")) as at:
            handle = at.handle()
    except OSError:
        yield
        return
    try:
        if not _wait.until(lambda: _taken(handle), time.monotonic() + seconds, POLL_SECONDS):
            raise Locked(
                f"another run works on this host and did not end within {seconds} s; nothing"
                " was changed"
            )
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    """Whether nobody else has the lock; then this process has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
