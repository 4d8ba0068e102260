# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lock files on the controller, in folders where others may write too; see ``_files``.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Iterator

from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files.files import Unsafe

# What a lock file holds: who has it, see _run.identity.
_HOLDER = re.compile(r"[^\x00-\x1f\x7f-\x9f]{0,300}, process [0-9]{1,10}")
_MOST = 400


class Held(Exception):
    """Another process kept a lock for as long as one would wait; its text says who."""


@contextlib.contextmanager
def locked(
    path: str | os.PathLike, seconds: float | None = None, who: str = "", make: int = 0
) -> Iterator[None]:
    """Hold a lock file against other processes. The kernel lets go when a process dies.

    :kwarg seconds: how long to wait for somebody else; None for as long as it takes.
    :kwarg who: what to leave in the file, for the messages of those who wait.
    :kwarg make: see :func:`_files.place`.
    :raises Held: when somebody else kept it.
    :raises OSError: with :class:`Unsafe` for a file that is no lock, or another account's.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    with _files.place(path, make, follow=False) as found:
        while True:
            handle = _open_lock(found)
            try:
                _wait(handle, deadline)
                if _still_there(found, handle):
                    if who:
                        _sign(handle, who)
                    yield
                    return
            finally:
                os.close(handle)


def _open_lock(found):
    seen = found.seen()
    if seen is None:
        with contextlib.suppress(FileExistsError):
            return _make_lock(found)
        seen = found.seen()
    try:
        handle = found.open(os.O_RDWR)
    except FileNotFoundError:  # removed meanwhile
        return _open_lock(found)
    except Unsafe as error:
        raise Unsafe(f"the lock {found.path} cannot be used: {error.strerror}: remove it") from None
    except PermissionError:
        if seen and seen.st_uid != os.geteuid():
            raise _foreign(found, seen) from None
        raise
    try:
        _refuse_no_lock(found, handle)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _make_lock(found):
    handle = os.open(
        found.name, os.O_RDWR | os.O_CREAT | os.O_EXCL | _files.PLAIN, 0o600, dir_fd=found.folder
    )
    home = os.fstat(found.folder)
    if os.geteuid() == 0 and home.st_uid:  # or the folder's owner could not lock any more
        with contextlib.suppress(OSError):
            os.fchown(handle, home.st_uid, home.st_gid)
    return handle


def _refuse_no_lock(found, handle):
    seen = os.fstat(handle)
    # Whoever owns the folder can keep others out anyway, and root works in others' folders.
    if not _files.trusted(seen) and seen.st_uid != os.fstat(found.folder).st_uid:
        raise _foreign(found, seen)
    held = _text(handle)
    if seen.st_nlink > 1 or (held and not _HOLDER.fullmatch(held)):
        raise Unsafe(
            f"the lock {found.path} is not a lock, it has another name or holds something else:"
            " move it away"
        )


def _text(handle):
    return os.pread(handle, _MOST, 0).decode("utf-8", "replace")


def _foreign(found, seen):
    name = _files.owner(seen.st_uid)
    return Unsafe(
        f"the lock {found.path} belongs to {name}, who could keep it for ever: remove it once no"
        f" run of {name} uses it, or run as {name}"
    )


def _still_there(found, handle):
    """Whether the lock file one has is the one that others will find."""
    seen, own = found.seen(), os.fstat(handle)
    return seen is not None and (seen.st_dev, seen.st_ino) == (own.st_dev, own.st_ino)


def _sign(handle, who):
    with contextlib.suppress(OSError):  # for people only: a full disk must not stop here
        os.ftruncate(handle, 0)
        os.pwrite(handle, who.encode("utf-8", "replace"), 0)


def _wait(handle, deadline):
    if deadline is None:
        fcntl.flock(handle, fcntl.LOCK_EX)
        return
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                who = _text(handle)
                raise Held(who if _HOLDER.fullmatch(who) else "another process") from None
            time.sleep(0.05)
