# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files of an installation, reached by handles and with no more rights than are due.

A path is walked one name at a time, from ``/``, each folder held by a handle. What then stands at
the end is a :class:`Place`: a folder's handle, a name in it, and whose rights to work there with.

======================================  ====================================================
a folder                                is worked in with the rights of
======================================  ====================================================
that only root can change               root
of another account                      that account
of root, that a group can change        nobody, but as a member of that group
of root, that everybody can change      nobody; if it is sticky, the owner of what is in it
======================================  ====================================================

A symbolic link that root made, or that lies where only root can make one, is followed as if its
target stood in its place. Behind a link of anybody else, the rights of whoever could make it hold
up to the end of the path, wherever it leads.

Every other file of the collection that touches files of an installation does so through this one.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass, field
from typing import Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._host import rights as _rights
from ansible_collections.streamward.antmedia.plugins.module_utils._host.rights import Rights

MOST_LINKS = 40
# What a settings file, a mark or an old file may hold. A shipped one has 10 KiB.
MOST_BYTES = 1 << 20

# Attributes that a new file takes over from the old one: its label, and its access control list.
# Others could give rights to whoever runs the file.
ATTRIBUTES = ("security.selinux", "system.posix_acl_access")
_NO_ATTRIBUTES = (errno.ENOTSUP, errno.EPERM, errno.ENOSYS, errno.EACCES)

_ROOT = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
_LOOK = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class NotGiven(OSError):
    """A new file cannot be given to the account it is to belong to."""


@dataclass(frozen=True)
class Content:
    """What a regular file holds, all of it from one look at it.

    data: its bytes. mode: its permission bits. uid, gid: its owner. changed: when it was written
    last, in Unix seconds. attributes: pairs of those in :data:`ATTRIBUTES`. read_only: whether its
    file system takes no change.
    """

    data: bytes = field(repr=False)
    mode: int
    uid: int
    gid: int
    changed: float = 0.0
    attributes: tuple[tuple[str, bytes], ...] = ()
    read_only: bool = False


class Place:
    """A name in a folder. Names given to methods are names in that folder.

    link: whether the path that led here is a symbolic link. rights: what work here is done with.

    Errors of methods are ``OSError``; their text says with whose rights it was tried, if not with
    those of this run.
    """

    def __init__(self, folder: int, name: str, with_rights: Rights | None, link: bool) -> None:
        self.folder = folder
        self.name = name
        self.rights = with_rights
        self.link = link

    def beside(self, suffix: str) -> str:
        """The name of what belongs to this file and lies beside it."""
        return f".{self.name}{suffix}"

    @contextlib.contextmanager
    def _taken(self) -> Iterator[None]:
        try:
            with _rights.taken(self.rights):
                yield
        except OSError as error:
            raise _explained(error, self.rights) from error

    def status(self, name: str | None = None) -> os.stat_result | None:
        """What a name stands for, a link itself; None where there is nothing."""
        try:
            with self._taken():
                return os.stat(
                    self.name if name is None else name, dir_fd=self.folder, follow_symlinks=False
                )
        except FileNotFoundError:
            return None

    def open(self, name: str | None = None) -> int:
        """Open a regular file for reading; returns a handle.

        A file of a third account is only opened where it has no second name: who links a file
        into a folder of his does not get it treated as one that belongs there.
        """
        try:
            with self._taken():
                handle = os.open(self.name if name is None else name, _READ, dir_fd=self.folder)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            raise OSError(errno.ELOOP, "is a symbolic link; put a file in its place") from error
        try:
            seen = os.fstat(handle)
            if stat.S_ISDIR(seen.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if not stat.S_ISREG(seen.st_mode):
                raise OSError(errno.EINVAL, f"is {_kind(seen.st_mode)}, not a file")
            foreign = self.rights is not None and seen.st_uid != self.rights.uid
            if foreign and seen.st_nlink > 1:
                raise OSError(
                    errno.EMLINK,
                    f"is a hard link to a file of {_rights.account(seen.st_uid)}; put a copy in its"
                    " place",
                )
        except OSError:
            os.close(handle)
            raise
        return handle

    def read(self, name: str | None = None, most: int = MOST_BYTES) -> Content:
        """Read a regular file.

        :kwarg most: bytes it may have.
        """
        with os.fdopen(self.open(name), "rb") as stream:
            data = stream.read(most + 1)
            seen = os.fstat(stream.fileno())
            if len(data) > most:
                raise OSError(errno.EFBIG, f"has more than {_size(most)}")
            return Content(
                data,
                stat.S_IMODE(seen.st_mode),
                seen.st_uid,
                seen.st_gid,
                seen.st_mtime,
                tuple(_attributes(stream.fileno())),
                bool(os.fstatvfs(stream.fileno()).f_flag & os.ST_RDONLY),
            )

    def write(self, name: str, content: Content) -> None:
        """Make a new file, on disk when this returns; nobody but its owner reads it meanwhile.

        A permission to run it as somebody else is never set.

        :raises FileExistsError: when the name is taken.
        :raises NotGiven: when this account cannot give it its owner. It is left behind, empty.
        """
        with self._taken():
            handle = os.open(name, _MAKE, 0o600, dir_fd=self.folder)
        # From here on by the handle of a file that nobody else has: with all rights of this run.
        with os.fdopen(handle, "wb") as stream:
            seen = os.fstat(handle)
            if (seen.st_uid, seen.st_gid) != (content.uid, content.gid):
                try:
                    os.fchown(handle, content.uid, content.gid)
                except PermissionError as error:
                    raise NotGiven(error.errno, error.strerror) from error
            stream.write(content.data)
            stream.flush()
            for attribute, value in content.attributes:
                try:
                    os.setxattr(handle, attribute, value)
                except OSError as error:
                    if error.errno not in _NO_ATTRIBUTES:
                        raise
            os.fchmod(handle, content.mode & 0o777)
            os.fsync(handle)

    def replace(self, name: str, content: Content, by: str) -> None:
        """Have a new file under a name, all of it at once, in place of what has the name.

        :arg by: the name it has until it is complete; what a killed run left there goes.
        """
        self.drop(by)
        try:
            self.write(by, content)
            self.rename(by, name)
        except BaseException:
            with contextlib.suppress(OSError):  # what led here is worth telling, not this
                self.drop(by)
            raise

    def mark(self, name: str) -> None:
        """Have an empty file of a name; what is there already stays as it is."""
        with contextlib.suppress(FileExistsError), self._taken():
            os.close(os.open(name, _MAKE, 0o600, dir_fd=self.folder))

    def rename(self, source: str, target: str) -> None:
        """Give a file another name, in place of what has it."""
        with self._taken():
            os.rename(source, target, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def name_too(self, source: str, target: str) -> None:
        """Give a file a second name."""
        with self._taken():
            os.link(
                source,
                target,
                src_dir_fd=self.folder,
                dst_dir_fd=self.folder,
                follow_symlinks=False,
            )

    def drop(self, name: str) -> None:
        """Remove a name, if it is there."""
        # A read-only file system refuses to remove even what is not there.
        if self.status(name) is not None:
            with contextlib.suppress(FileNotFoundError), self._taken():
                os.unlink(name, dir_fd=self.folder)

    def handle(self) -> int:
        """The folder itself, opened for reading."""
        with self._taken():
            return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self.folder)

    def names(self) -> list[str]:
        """What is in the folder, sorted."""
        handle = self.handle()
        try:
            return sorted(os.listdir(handle))
        finally:
            os.close(handle)

    def holds_anything(self) -> bool:
        """Whether anything is in the folder, however much."""
        handle = self.handle()
        try:
            with os.scandir(handle) as entries:
                return next(entries, None) is not None
        finally:
            os.close(handle)

    def sync(self) -> None:
        """Have what was done to the names on disk."""
        handle = self.handle()
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def folder(path: str) -> contextlib.AbstractContextManager[Place]:
    """The inside of a folder: a place whose own name is ``.``.

    :raises OSError: as :func:`find`; when there is no such folder, too.
    """
    return find(path + "/")


@contextlib.contextmanager
def find(path: str, named_by: Rights | None = None) -> Iterator[Place]:
    """The place that an absolute path leads to; there need not be anything yet.

    :arg path: one that ends in a slash means the inside of a folder, which has to be there.
    :kwarg named_by: the rights of whoever has written the path into a file, such as the server's
        account; they hold for all of it.
    :raises OSError: when a folder on the way is missing, is none, or must not be entered.
    """
    if "\0" in path:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    path = os.path.join(os.getcwd(), path)
    folder = os.open("/", _ROOT)
    entry, links, link = -1, 0, False
    held, stuck = named_by, named_by is not None
    parts = _parts(path)
    try:
        while True:
            name = parts.pop(0)
            entry, seen = _enter(folder, name, held if stuck else None)
            if not stuck:
                held = _rights.of_folder(os.fstat(folder), seen)
            if seen is None:
                if parts:
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
                yield Place(folder, name, held, link)
                return
            if stat.S_ISLNK(seen.st_mode):
                links += 1
                if links > MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
                stuck = stuck or (held is not None and seen.st_uid != 0)
                link = link or not parts
                target = os.readlink("", dir_fd=entry)
                os.close(entry)
                entry = -1
                if target.startswith("/"):
                    os.close(folder)
                    folder = -1
                    folder = os.open("/", _ROOT)
                parts[:0] = _parts(target)
                continue
            if not parts and name not in (".", ".."):
                yield Place(folder, name, held, link)
                return
            if not stat.S_ISDIR(seen.st_mode):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            os.close(folder)
            folder, entry = entry, -1
            if not parts:  # "/", or a path that ends in "..": the folder itself
                if not stuck:
                    held = _rights.of_folder(os.fstat(folder))
                yield Place(folder, ".", held, link)
                return
    finally:
        for handle in (folder, entry):
            if handle >= 0:
                os.close(handle)


def read(path: str, most: int = MOST_BYTES, named_by: Rights | None = None) -> Content:
    """Read the regular file that a path leads to; see :meth:`Place.read`."""
    with find(path, named_by) as place:
        return place.read(most=most)


def make_folder(path: str) -> None:
    """Have a folder of root's own, in a folder that exists, which nobody else looks into.

    :raises OSError: when what is there is anything else.
    """
    with find(path) as at:
        seen = at.status()
        if seen is None:
            with contextlib.suppress(FileExistsError):
                os.mkdir(at.name, 0o700, dir_fd=at.folder)
            seen = at.status()
        if at.rights is not None or not seen or not stat.S_ISDIR(seen.st_mode) or seen.st_uid:
            raise OSError(errno.EPERM, "is not a folder of root's own; remove it")
        if stat.S_IMODE(seen.st_mode) & 0o077:
            os.chmod(at.name, 0o700, dir_fd=at.folder)


def author(at: Place, content: Content) -> Rights | None:
    """The rights of whoever could have written a file; None if that is this account or root."""
    return at.rights or _rights.of_file(content.uid, content.gid, content.mode)


def exchangeable(path: str) -> str:
    """Who could exchange what a path of root's leads to, in words; empty if nobody but root."""
    folder = "/"
    for name in _parts(path):
        with find(os.path.join(folder, name)) as at:
            held = at.rights
        if held is None:  # of a link, the place is where it leads: not where somebody can change it
            with find(folder + "/") as inside:
                held = _rights.of_folder(os.fstat(inside.folder), inside.status(name))
        if held is not None:
            return f"{folder} can be changed by {held}"
        folder = os.path.join(folder, name)
    # Nor can anybody but root exchange where its links lead, on all of the way there.
    real = os.path.realpath(path)
    return exchangeable(real) if real != folder else ""


def _parts(path: str) -> list[str]:
    """The names on a path; a last one ``.`` is the inside of a folder."""
    found = [part for part in path.split("/") if part not in ("", ".")]
    return [*found, "."] if path.endswith(("/", "/.")) or not found else found


def _enter(folder: int, name: str, held: Rights | None) -> tuple[int, os.stat_result | None]:
    """A handle of what a name stands for, without opening it, and its status."""
    try:
        with _rights.taken(held):
            entry = os.open(name, _LOOK, dir_fd=folder)
    except FileNotFoundError:
        return -1, None
    except OSError as error:
        raise _explained(error, held) from error
    return entry, os.fstat(entry)


def _attributes(handle: int) -> Iterator[tuple[str, bytes]]:
    for name in ATTRIBUTES:
        with contextlib.suppress(OSError):  # it has none, or its file system knows none
            yield name, os.getxattr(handle, name)


def _explained(error: OSError, held: Rights | None) -> OSError:
    """The error, which says whose rights did not do where root's might have."""
    if held is None or not isinstance(error, PermissionError):
        return error
    text = (
        f"{error.strerror} for {held}, who can change this folder: root does nothing there that"
        f" {held} may not do; give {held} what it needs"
    )
    return PermissionError(error.errno, text)


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISLNK, "a link"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((text for test, text in kinds if test(mode)), "something else")


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB"
