# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several files replaced together or not at all, and put back if what follows fails.

The new contents are written and synchronised beside the old ones first, so that a full disk or a
read-only file system is found before anything changes. The old files stay beside the new ones
under another name until the transaction is closed: putting them back takes no space, and what a
killed run leaves behind says that its work was never proved.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import errno
import os

NEW = ".streamward-new"
OLD = ".streamward-old"

_NO_ATTRIBUTES = (errno.ENOTSUP, errno.EPERM, errno.ENOSYS, errno.EACCES)


class TransactionError(OSError):
    """A file could not be replaced; ``path`` says which, ``reason`` why.

    ``restored`` is false when files already replaced could not be put back either.
    """

    def __init__(self, path, reason, restored=True):
        super().__init__("{0}: {1}".format(path, reason))
        self.path = path
        self.reason = reason
        self.restored = restored


def _beside(path, suffix):
    target = os.path.realpath(path)
    return os.path.join(os.path.dirname(target), "." + os.path.basename(target) + suffix)


def _sync_folder(path):
    handle = os.open(os.path.dirname(os.path.realpath(path)), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def left_behind(paths):
    """The old files a killed run left beside these paths, as pairs of path and change time.

    The time is when the new file took the old one's place, in Unix seconds.
    """
    found = []
    for path in paths:
        try:
            found.append((path, os.stat(_beside(path, OLD)).st_ctime))
        except OSError:
            continue
    return found


def clean(paths):
    """Remove what killed runs left beside these paths."""
    for path in paths:
        for suffix in (NEW, OLD):
            _drop(_beside(path, suffix))


def _copy_attributes(source, handle):
    """Carry over extended attributes: the SELinux context and the access control list."""
    try:
        names = os.listxattr(source)
    except OSError:
        return
    for name in names:
        try:
            os.setxattr(handle, name, os.getxattr(source, name))
        except OSError as error:
            if error.errno not in _NO_ATTRIBUTES:
                raise


class Transaction:
    """Replace files.

    :arg files: :class:`_plan.NewFile` objects.
    """

    def __init__(self, files):
        self.files = list(files)
        self.replaced = []

    def __bool__(self):
        return bool(self.files)

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
            for file in self.files:
                path = file.old.path
                with open(path, "rb") as stream:
                    if stream.read() != file.old.data:
                        raise TransactionError(
                            path, "was changed by somebody else meanwhile; run again"
                        )
        except OSError as error:
            # Not the old files: those of an earlier, killed run say that a restart is still due.
            for file in self.files:
                _drop(_beside(file.old.path, NEW))
            raise _named(path, error) from error

    def _write(self, file):
        temporary = _beside(file.old.path, NEW)
        _drop(temporary)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(file.data)
            stream.flush()
            status = os.fstat(handle)
            if (status.st_uid, status.st_gid) != (file.uid, file.gid):
                os.fchown(handle, file.uid, file.gid)
            _copy_attributes(os.path.realpath(file.old.path), handle)
            os.fchmod(handle, file.mode)
            os.fsync(handle)

    def commit(self):
        """Put the new files in place.

        :raises TransactionError: when one cannot be; those already replaced are put back.
        """
        path = ""
        try:
            for file in self.files:
                path = file.old.path
                target, old = os.path.realpath(path), _beside(path, OLD)
                _drop(old)
                os.link(target, old)
                self.replaced.append(file)
                os.rename(_beside(path, NEW), target)
                _sync_folder(path)
        except OSError as error:
            self.undo()
            raise _named(path, error) from error

    def replace(self):
        """Put the new files in place for good, without keeping the old ones.

        :raises TransactionError: when one cannot be.
        """
        for file in self.files:
            path = file.old.path
            try:
                os.rename(_beside(path, NEW), os.path.realpath(path))
                _sync_folder(path)
            except OSError as error:
                raise _named(path, error) from error

    def undo(self):
        """Put the old files back.

        :raises TransactionError: when one cannot be put back; it says so.
        """
        for file in reversed(self.replaced):
            path = file.old.path
            try:
                os.rename(_beside(path, OLD), os.path.realpath(path))
                _sync_folder(path)
            except OSError as error:
                raise TransactionError(
                    path,
                    "could not be put back ({0}); its old content is in {1}".format(
                        error.strerror, _beside(path, OLD)
                    ),
                    restored=False,
                ) from error
        self.replaced = []
        self.close()

    def close(self):
        """Forget the old files; what was replaced stays."""
        clean(file.old.path for file in self.files)


def _named(path, error):
    if isinstance(error, TransactionError):
        return error
    return TransactionError(path, error.strerror or str(error))
