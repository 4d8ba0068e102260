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
from typing import Iterable, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    leftovers as _leftovers,
    place as _place,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.place import Content, Place


class TransactionError(OSError):
    """A file could not be replaced; ``path`` says which, ``reason`` why.

    ``restored`` is false when files already replaced could not be put back either.
    """

    def __init__(self, path: str, reason: str, restored: bool = True) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.restored = restored


def put_back(paths: Iterable[str]) -> None:
    """Put the old files back that are left beside these paths.

    :raises TransactionError: when one cannot be put back; the others are.
    """
    failed = None
    for path in paths:
        try:
            with _place.find(path) as at:
                old = _leftovers.kept(at)
                if old:
                    _move(at, old[0], at.name)
        except OSError as error:
            failed = _not_put_back(path, error)
            continue
        with contextlib.suppress(OSError):  # a later run has another try
            _leftovers.clean([path])
    if failed:
        raise failed


def _move(at: Place, source: str, target: str) -> None:
    at.rename(source, target)
    # Of two links to one file, a rename takes neither away.
    at.drop(source)
    at.sync()


class Transaction:
    """Replace files."""

    def __init__(self, files: Iterable[_files.NewFile]) -> None:
        self.files = list(files)
        self.paths = [file.old.path for file in self.files]

    def prepare(self) -> None:
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

    def forget(self) -> None:
        """Remove what was prepared.

        Not the old files: those of an earlier, killed run say that a restart is still due.
        """
        for path in self.paths:
            # What led here is worth telling, not this.
            with contextlib.suppress(OSError), _place.find(path) as at:
                _leftovers.drop(at, _leftovers.UNFINISHED)

    @staticmethod
    def _write(file: _files.NewFile) -> None:
        content = Content(file.data, file.mode, file.uid, file.gid, attributes=file.old.attributes)
        with _place.find(file.old.path) as at:
            at.drop(at.beside(_leftovers.NEW))
            try:
                at.write(at.beside(_leftovers.NEW), content)
            except _place.NotGiven:
                raise TransactionError(
                    file.old.path,
                    f"has to belong to {file.uid}:{file.gid}, which this account cannot do; become"
                    " root",
                ) from None

    def commit(self) -> None:
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
                    _move(at, at.beside(_leftovers.NEW), at.name)
        except OSError as error:
            self.forget()
            self._revert(replaced)
            raise _named(path, error) from error
        for path in self.paths:
            with contextlib.suppress(OSError), _place.find(path) as at:
                self._promote(at)

    @staticmethod
    def _keep(at: Place) -> None:
        """Have the file as it is under a second name, for putting back; that takes no space."""
        before = at.beside(_leftovers.BEFORE)
        try:
            at.name_too(at.name, before)
        except OSError as error:
            # The kernel lets an account link its own files only, and some file systems none.
            if error.errno not in (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS):
                raise
            at.replace(before, at.read(), by=at.beside(_leftovers.COPY))

    def seclude(self) -> None:
        """Let nobody read the old files who may not read the new ones: their secrets are in force.

        :raises OSError: when that cannot be done.
        """
        for file in self.files:
            with _place.find(file.old.path) as at:
                old = _leftovers.kept(at)
                if old:
                    self._seclude(at, old[0], file)

    @staticmethod
    def _seclude(at: Place, name: str, file: _files.NewFile) -> None:
        old = at.read(name)
        closed = dataclasses.replace(old, mode=old.mode & file.mode, uid=file.uid, gid=file.gid)
        if closed != old:
            at.replace(name, closed, by=at.beside(_leftovers.COPY))

    @staticmethod
    def _promote(at: Place) -> None:
        """Make what the file was before the old one, unless an older one was never proved."""
        before, old = at.beside(_leftovers.BEFORE), at.beside(_leftovers.OLD)
        if at.status(old) is not None:
            at.drop(before)
        elif at.status(before) is not None:
            at.rename(before, old)

    @staticmethod
    def _revert(paths: Sequence[str]) -> None:
        failed = None
        for path in reversed(paths):
            try:
                with _place.find(path) as at:
                    _move(at, at.beside(_leftovers.BEFORE), at.name)
            except OSError as error:
                failed = _not_put_back(path, error, _leftovers.BEFORE)
        if failed:
            raise failed

    def replace(self) -> None:
        """Put the new files in place for good, without keeping the old ones.

        :raises TransactionError: when one cannot be.
        """
        for path in self.paths:
            try:
                with _place.find(path) as at:
                    _move(at, at.beside(_leftovers.NEW), at.name)
            except OSError as error:
                raise _named(path, error) from error


def _named(path: str, error: OSError) -> TransactionError:
    if isinstance(error, TransactionError):
        return error
    return TransactionError(path, error.strerror or str(error))


def _not_put_back(path: str, error: OSError, suffix: str = "") -> TransactionError:
    places = [_leftovers.beside(path, each) for each in ([suffix] if suffix else _leftovers.KEPT)]
    place = next(filter(os.path.lexists, reversed(places)), places[-1])
    reason = f"could not be put back ({error.strerror}); its old content is in {place}"
    return TransactionError(path, reason, restored=False)
