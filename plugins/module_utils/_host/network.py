# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The network that a server is in, which is not this run's where the server is in a container.

A run follows its server there, to ask it as somebody on its own loopback. The commands that a run
calls stay in the network that it came from.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
from typing import Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._host.process import Process

CLONE_NEWNET = 0x40000000
# Of this thread: /proc/self is the first one's.
HERE = "/proc/thread-self/ns/net"

# A handle of the network that the run came from, once it has left it.
_came_from: list[int] = []


def apart(process: Process) -> bool:
    """Whether a process is known to be in another network than this thread is now."""
    try:
        return not os.path.samestat(os.stat(f"/proc/{process.pid}/ns/net"), os.stat(HERE))
    except OSError:
        return False


def follow(process: Process | None) -> None:
    """Go to the network of a process, and back where there is none.

    Threads that are started from then on are there too. Where this run may not go it stays.
    """
    if process is None:
        leave()
        return
    if not apart(process):
        return
    with contextlib.suppress(OSError):
        there = os.open(f"/proc/{process.pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            if not _came_from:
                _came_from.append(os.open(HERE, os.O_RDONLY | os.O_CLOEXEC))
            _enter(there)
        finally:
            os.close(there)


def leave() -> None:
    """Go back to the network that the run came from."""
    if _came_from:
        _enter(_came_from[0])
        os.close(_came_from.pop())


@contextlib.contextmanager
def outside() -> Iterator[None]:
    """Be in the network that the run came from for a while."""
    if not _came_from:
        yield
        return
    there = os.open(HERE, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _enter(_came_from[0])
        yield
    finally:
        _enter(there)
        os.close(there)


def _enter(handle):
    import ctypes  # of use only here, and slow to load

    if ctypes.CDLL(None, use_errno=True).setns(handle, CLONE_NEWNET):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
