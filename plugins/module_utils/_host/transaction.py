# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several files replaced together or not at all, and put back if what follows fails.

The new contents are written and synchronised beside the old ones first, so that a full disk or a
read-only file system is found before anything changes. The old files stay beside the new ones
under another name until they are cleaned away: putting them back takes no space, and what a killed
run leaves behind says that its work was never proved.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    place as _place,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.place import Content, Place

NEW = ".streamward-new"
# What a file was before this transaction, while it is not complete.
BEFORE = ".streamward-before"
# What a file was when the server last read it, as far as is known.
OLD = ".streamward-old"
# Beside the first file from before the server is stopped until it is seen to run again.
STOPPED = ".streamward-stopped"
# A copy of an old file, until it is complete.
COPY = ".streamward-copy"
# What is never worth keeping, and the old files: the one that counts is dropped last.
_UNFINISHED, _KEPT = (NEW, COPY), (BEFORE, OLD)


class TransactionError(OSError):
    """A file could not be replaced; ``path`` says which, ``reason`` why.

    ``restored`` is false when files already replaced could not be put back either.
    """

    def __init__(self, path, reason, restored=True):
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.restored = restored


def _beside(path, suffix):
    """Where what belongs to a path lies, for people."""
    target = os.path.realpath(path)
    return os.path.join(os.path.dirname(target), "." + os.path.basename(target) + suffix)


def _kept(at: Place):
    """The name of the old file, and when the new one took its place; None if there is none."""
    for suffix in reversed(_KEPT):
        with contextlib.suppress(OSError):
            seen = at.status(at.beside(suffix))
            if seen is not None:
                return at.beside(suffix), seen.st_ctime
    return None


def left_behind(paths):
    """The old files a killed run left beside these paths, as pairs of path and change time.

    The time is when the new file took the old one's place, in Unix seconds.
    """
    found = []
    for path in paths:
        with contextlib.suppress(OSError), _place.find(path) as at:
            kept = _kept(at)
            if kept:
                found.append((path, kept[1]))
    return found


def read_old(path):
    """The content of the old file beside a path.

    :raises OSError: when it cannot be read, or there is none.
    """
    with _place.find(path) as at:
        return at.read((_kept(at) or (at.beside(OLD),))[0]).data


def forget_old(paths):
    """Remove old files: what these paths hold now is proved."""
    for path in paths:
        with _place.find(path) as at:
            _drop(at, _KEPT)


def _drop(at: Place, suffixes):
    for suffix in suffixes:
        at.drop(at.beside(suffix))


def clean(paths, old=True):
    """Remove everything that runs left beside these paths.

    :kwarg old: the old files as well; without them, what these paths hold is not proved yet.
    """
    for path in paths:
        with _place.find(path) as at:
            _drop(at, (*_left(old), *((STOPPED,) if path == paths[0] else ())))


def left_over(paths, old=True):
    """Whether there is anything that :func:`clean` would remove, but for an empty mark."""
    return any(_there(path, _left(old)) for path in paths)


def _left(old):
    return _UNFINISHED + _KEPT if old else _UNFINISHED


def _there(path, suffixes):
    with contextlib.suppress(OSError), _place.find(path) as at:
        return any(at.status(at.beside(suffix)) is not None for suffix in suffixes)
    return False


def stopping(paths):
    """Have it known that a run stops the server, in case it does not get it to run again."""
    # A disk that takes nothing is no reason not to restart.
    with contextlib.suppress(OSError), _place.find(paths[0]) as at:
        at.mark(at.beside(STOPPED))


def started(paths):
    """The server runs again, or may stay as it is."""
    with _place.find(paths[0]) as at:
        at.drop(at.beside(STOPPED))


def stopped_here(paths):
    """Whether a run stopped the server and was not seen to get it to run again."""
    return _there(paths[0], (STOPPED,))


def put_back(paths):
    """Put the old files back that are left beside these paths.

    :raises TransactionError: when one cannot be put back; the others are.
    """
    failed = None
    for path in paths:
        try:
            with _place.find(path) as at:
                kept = _kept(at)
                if kept:
                    _move(at, kept[0], at.name)
        except OSError as error:
            failed = _not_put_back(path, error)
            continue
        with contextlib.suppress(OSError):  # a later run has another try
            clean([path])
    if failed:
        raise failed


def _move(at: Place, source, target):
    at.rename(source, target)
    # Of two links to one file, a rename takes neither away.
    at.drop(source)
    at.sync()


def _copy(at: Place, content: Content, name):
    """Have a file of this very content and owner under a name, in place of what has it."""
    at.replace(name, content, by=at.beside(COPY))


class Transaction:
    """Replace files.

    :arg files: :class:`_files.NewFile` objects.
    """

    def __init__(self, files):
        self.files = list(files)
        self.paths = [file.old.path for file in self.files]

    def prepare(self):
        """Write every new content beside its file.

        :raises TransactionError: when one cannot be written, or its file has changed since it was
            read; nothing is left behind.
        """
        path = ""
        try:
            for file in self.files:
                path = file.old.path
                self._write(file)
            self._check()
        except OSError as error:
            self.forget()
            raise _named(path, error) from error

    def _check(self):
        """See to it that nobody has changed a file since it was read."""
        for file in self.files:
            path = file.old.path
            try:
                same = _place.read(path).data == file.old.data
            except OSError as error:
                raise _named(path, error) from error
            if not same:
                raise TransactionError(path, "was changed by somebody else meanwhile; run again")

    def forget(self):
        """Remove what was prepared.

        Not the old files: those of an earlier, killed run say that a restart is still due.
        """
        for path in self.paths:
            # What led here is worth telling, not this.
            with contextlib.suppress(OSError), _place.find(path) as at:
                _drop(at, _UNFINISHED)

    @staticmethod
    def _write(file):
        content = Content(file.data, file.mode, file.uid, file.gid, attributes=file.old.attributes)
        with _place.find(file.old.path) as at:
            at.drop(at.beside(NEW))
            try:
                at.write(at.beside(NEW), content)
            except _place.NotGiven:
                raise TransactionError(
                    file.old.path,
                    f"has to belong to {file.uid}:{file.gid}, which this account cannot do; become"
                    " root",
                ) from None

    def commit(self):
        """Put the new files in place.

        :raises TransactionError: when one cannot be; those already replaced are put back.
        """
        path, replaced = "", []
        try:
            self._check()
            for path in self.paths:
                with _place.find(path) as at:
                    self._promote(at)
                    self._keep(at)
                    replaced.append(path)
                    _move(at, at.beside(NEW), at.name)
        except OSError as error:
            self.forget()
            self._revert(replaced)
            raise _named(path, error) from error
        for path in self.paths:
            with contextlib.suppress(OSError), _place.find(path) as at:
                self._promote(at)

    @staticmethod
    def _keep(at: Place):
        """Have the file as it is under a second name, for putting back; that takes no space."""
        try:
            at.name_too(at.name, at.beside(BEFORE))
        except OSError as error:
            # The kernel lets an account link its own files only, and some file systems none.
            if error.errno not in (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS):
                raise
            _copy(at, at.read(), at.beside(BEFORE))

    def seclude(self):
        """Let nobody read the old files who may not read the new ones: their secrets are in force.

        :raises OSError: when that cannot be done.
        """
        for file in self.files:
            with _place.find(file.old.path) as at:
                kept = _kept(at)
                if kept:
                    self._seclude(at, kept[0], file)

    @staticmethod
    def _seclude(at: Place, name, file):
        old = at.read(name)
        closed = dataclasses.replace(old, mode=old.mode & file.mode, uid=file.uid, gid=file.gid)
        if closed != old:
            _copy(at, closed, name)

    @staticmethod
    def _promote(at: Place):
        """Make what the file was before the old one, unless an older one was never proved."""
        before, old = at.beside(BEFORE), at.beside(OLD)
        if at.status(old) is not None:
            at.drop(before)
        elif at.status(before) is not None:
            at.rename(before, old)

    @staticmethod
    def _revert(paths):
        failed = None
        for path in reversed(paths):
            try:
                with _place.find(path) as at:
                    _move(at, at.beside(BEFORE), at.name)
            except OSError as error:
                failed = _not_put_back(path, error, BEFORE)
        if failed:
            raise failed

    def replace(self):
        """Put the new files in place for good, without keeping the old ones.

        :raises TransactionError: when one cannot be.
        """
        for path in self.paths:
            try:
                with _place.find(path) as at:
                    _move(at, at.beside(NEW), at.name)
            except OSError as error:
                raise _named(path, error) from error


def _named(path, error):
    if isinstance(error, TransactionError):
        return error
    return TransactionError(path, error.strerror or str(error))


def _not_put_back(path, error, suffix=""):
    suffix = suffix or next((s for s in (OLD, BEFORE) if os.path.lexists(_beside(path, s))), OLD)
    reason = (
        f"could not be put back ({error.strerror}); its old content is in {_beside(path, suffix)}"
    )
    return TransactionError(path, reason, restored=False)
