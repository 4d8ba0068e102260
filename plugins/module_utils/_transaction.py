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
import errno
import os
import stat

NEW = ".streamward-new"
# What a file was before this transaction, while it is not complete.
BEFORE = ".streamward-before"
# What a file was when the server last read it, as far as is known.
OLD = ".streamward-old"
# Beside the first file from before the server is stopped until it is seen to run again.
STOPPED = ".streamward-stopped"

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
    # A read-only file system refuses to remove even what is not there.
    if os.path.lexists(path):
        os.unlink(path)


def _kept(path):
    """The old file beside a path, and when the new one took its place; None if there is none."""
    for suffix in (OLD, BEFORE):
        with contextlib.suppress(OSError):
            return _beside(path, suffix), os.stat(_beside(path, suffix)).st_ctime
    return None


def left_behind(paths):
    """The old files a killed run left beside these paths, as pairs of path and change time.

    The time is when the new file took the old one's place, in Unix seconds.
    """
    found = ((path, _kept(path)) for path in paths)
    return [(path, kept[1]) for path, kept in found if kept]


def read_old(path):
    """The content of the old file beside a path.

    :raises OSError: when it cannot be read, or there is none.
    """
    with open((_kept(path) or (_beside(path, OLD),))[0], "rb") as stream:
        return stream.read()


def forget_old(paths):
    """Remove old files: what these paths hold now is proved."""
    for path in paths:
        for suffix in (BEFORE, OLD):
            _drop(_beside(path, suffix))


def clean(paths, old=True):
    """Remove everything that runs left beside these paths.

    :kwarg old: the old files as well; without them, what these paths hold is not proved yet.
    """
    for path in paths:
        _drop(_beside(path, NEW))
    started(paths)
    if old:
        forget_old(paths)


def left_over(paths, old=True):
    """Whether there is anything that :func:`clean` would remove, but for an empty mark."""
    suffixes = (NEW, BEFORE, OLD) if old else (NEW,)
    return any(os.path.lexists(_beside(path, suffix)) for path in paths for suffix in suffixes)


def stopping(paths):
    """Have it known that a run stops the server, in case it does not get it to run again."""
    with contextlib.suppress(OSError):  # a disk that takes nothing is no reason not to restart
        # The folder is the server's account's, so a link that lies there is not followed.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        os.close(os.open(_beside(paths[0], STOPPED), flags, 0o600))


def started(paths):
    """The server runs again, or may stay as it is."""
    _drop(_beside(paths[0], STOPPED))


def stopped_here(paths):
    """Whether a run stopped the server and was not seen to get it to run again."""
    return os.path.lexists(_beside(paths[0], STOPPED))


def put_back(paths):
    """Put the old files back that are left beside these paths.

    :raises TransactionError: when one cannot be put back; the others are.
    """
    failed = None
    for path in paths:
        kept = _kept(path)
        if kept:
            try:
                _move(kept[0], path)
            except OSError as error:
                failed = _not_put_back(path, error, kept[0])
                continue
        with contextlib.suppress(OSError):  # a later run has another try
            clean([path])
    if failed:
        raise failed


def _move(source, path):
    os.rename(source, os.path.realpath(path))
    # Of two links to one file, a rename takes neither away.
    _drop(source)
    _sync_folder(path)


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
                with open(path, "rb") as stream:
                    same = stream.read() == file.old.data
            except OSError as error:
                raise _named(path, error) from error
            if not same:
                raise TransactionError(path, "was changed by somebody else meanwhile; run again")

    def forget(self):
        """Remove what was prepared.

        Not the old files: those of an earlier, killed run say that a restart is still due.
        """
        for path in self.paths:
            with contextlib.suppress(OSError):  # what led here is worth telling, not this
                _drop(_beside(path, NEW))

    def _write(self, file):
        temporary = _beside(file.old.path, NEW)
        _drop(temporary)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(file.data)
            stream.flush()
            self._own(file, handle)
            _copy_attributes(os.path.realpath(file.old.path), handle)
            os.fchmod(handle, file.mode)
            os.fsync(handle)

    @staticmethod
    def _own(file, handle):
        status = os.fstat(handle)
        if (status.st_uid, status.st_gid) == (file.uid, file.gid):
            return
        try:
            os.fchown(handle, file.uid, file.gid)
        except PermissionError:
            raise TransactionError(
                file.old.path,
                "has to belong to {0}:{1}, which this account cannot do; become root".format(
                    file.uid, file.gid
                ),
            ) from None

    def commit(self):
        """Put the new files in place.

        :raises TransactionError: when one cannot be; those already replaced are put back.
        """
        path, replaced = "", []
        try:
            self._check()
            for path in self.paths:
                self._promote(path)
                os.link(os.path.realpath(path), _beside(path, BEFORE))
                replaced.append(path)
                _move(_beside(path, NEW), path)
        except OSError as error:
            self.forget()
            self._revert(replaced)
            raise _named(path, error) from error
        for path in self.paths:
            with contextlib.suppress(OSError):
                self._promote(path)

    def seclude(self):
        """Let nobody read the old files who may not read the new ones: their secrets are in force.

        :raises OSError: when that cannot be done.
        """
        for file in self.files:
            kept = _kept(file.old.path)
            if kept:
                status = os.stat(kept[0])
                if (status.st_uid, status.st_gid) != (file.uid, file.gid):
                    os.chown(kept[0], file.uid, file.gid)
                os.chmod(kept[0], stat.S_IMODE(status.st_mode) & file.mode)

    @staticmethod
    def _promote(path):
        """Make what the file was before the old one, unless an older one was never proved."""
        before, old = _beside(path, BEFORE), _beside(path, OLD)
        if os.path.lexists(old):
            _drop(before)
        elif os.path.lexists(before):
            os.rename(before, old)

    @staticmethod
    def _revert(paths):
        failed = None
        for path in reversed(paths):
            try:
                _move(_beside(path, BEFORE), path)
            except OSError as error:
                failed = _not_put_back(path, error, _beside(path, BEFORE))
        if failed:
            raise failed

    def replace(self):
        """Put the new files in place for good, without keeping the old ones.

        :raises TransactionError: when one cannot be.
        """
        for file in self.files:
            path = file.old.path
            try:
                _move(_beside(path, NEW), path)
            except OSError as error:
                raise _named(path, error) from error


def _named(path, error):
    if isinstance(error, TransactionError):
        return error
    return TransactionError(path, error.strerror or str(error))


def _not_put_back(path, error, where):
    reason = "could not be put back ({0}); its old content is in {1}".format(error.strerror, where)
    return TransactionError(path, reason, restored=False)
