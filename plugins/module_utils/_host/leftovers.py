# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What runs leave beside the files they replace, and what that says of the runs.

=======================  ===================================================================
beside a file            is
=======================  ===================================================================
``.streamward-new``      what it is to be
``.streamward-copy``     a copy of an old file, until it is complete
``.streamward-before``   what it was before a transaction, while that is not complete
``.streamward-old``      what it was when the server last read it, as far as is known
``.streamward-stopped``  beside the first file: a run has stopped the server, and did not see it
                         run again
=======================  ===================================================================

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
from typing import Iterable, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place
from ansible_collections.streamward.antmedia.plugins.module_utils._host.place import Place

NEW = ".streamward-new"
COPY = ".streamward-copy"
BEFORE = ".streamward-before"
OLD = ".streamward-old"
STOPPED = ".streamward-stopped"

# What is never worth keeping, and the old files: the one that counts is dropped last.
UNFINISHED = (NEW, COPY)
KEPT = (BEFORE, OLD)


def beside(path: str, suffix: str) -> str:
    """Where what belongs to a path lies, for people."""
    target = os.path.realpath(path)
    return os.path.join(os.path.dirname(target), "." + os.path.basename(target) + suffix)


def kept(at: Place) -> tuple[str, float] | None:
    """The name of the old file, and when the new one took its place; None if there is none."""
    for suffix in reversed(KEPT):
        with contextlib.suppress(OSError):
            seen = at.status(at.beside(suffix))
            if seen is not None:
                return at.beside(suffix), seen.st_ctime
    return None


def left_behind(paths: Iterable[str]) -> list[tuple[str, float]]:
    """The old files a killed run left beside these paths, as pairs of path and change time.

    The time is when the new file took the old one's place, in Unix seconds.
    """
    found = []
    for path in paths:
        with contextlib.suppress(OSError), _place.find(path) as at:
            old = kept(at)
            if old:
                found.append((path, old[1]))
    return found


def read_old(path: str) -> bytes:
    """The content of the old file beside a path.

    :raises OSError: when it cannot be read, or there is none.
    """
    with _place.find(path) as at:
        return at.read((kept(at) or (at.beside(OLD),))[0]).data


def forget_old(paths: Iterable[str]) -> None:
    """Remove old files: what these paths hold now is proved."""
    for path in paths:
        with _place.find(path) as at:
            drop(at, KEPT)


def drop(at: Place, suffixes: Iterable[str]) -> None:
    """Remove what lies beside a file."""
    for suffix in suffixes:
        at.drop(at.beside(suffix))


def clean(paths: Sequence[str], old: bool = True) -> None:
    """Remove everything that runs left beside these paths.

    :kwarg old: the old files as well; without them, what these paths hold is not proved yet.
    """
    for path in paths:
        with _place.find(path) as at:
            drop(at, (*_left(old), *((STOPPED,) if path == paths[0] else ())))


def left_over(paths: Iterable[str], old: bool = True) -> bool:
    """Whether there is anything that :func:`clean` would remove, but for an empty mark."""
    return any(_there(path, _left(old)) for path in paths)


def _left(old):
    return UNFINISHED + KEPT if old else UNFINISHED


def _there(path, suffixes):
    with contextlib.suppress(OSError), _place.find(path) as at:
        return any(at.status(at.beside(suffix)) is not None for suffix in suffixes)
    return False


def stopping(paths: Sequence[str]) -> None:
    """Have it known that a run stops the server, in case it does not get it to run again."""
    # A disk that takes nothing is no reason not to restart.
    with contextlib.suppress(OSError), _place.find(paths[0]) as at:
        at.mark(at.beside(STOPPED))


def started(paths: Sequence[str]) -> None:
    """The server runs again, or may stay as it is."""
    with _place.find(paths[0]) as at:
        at.drop(at.beside(STOPPED))


def stopped_here(paths: Sequence[str]) -> bool:
    """Whether a run stopped the server and was not seen to get it to run again."""
    return _there(paths[0], (STOPPED,))
