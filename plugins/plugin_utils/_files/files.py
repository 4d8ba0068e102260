# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files on the controller, in folders where others may write too.

PRIVATE to the collection.

A path is walked component by component, from one open folder to the next, so that what is checked
is what is used. On the way

- a folder that everybody may write to is refused, unless it is sticky and the entry is this
  account's or root's;
- a symbolic link is followed if this account or root made it, and refused otherwise.

A folder that a group may write to is a team's and allowed: its members may replace what is in it,
but cannot lead a write or a read to another place. Whatever is made is closed to them by its mode,
whatever the umask is.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
import secrets
import stat
from collections import deque
from collections.abc import Iterator
from typing import IO, NamedTuple

MIB = 1 << 20
MOST_LINKS = 40
# A folder one may pass through but not list is opened all the same where the system can.
_PASS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_LIST = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# No link is followed, and a FIFO or a device neither blocks nor becomes the terminal.
PLAIN = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_OPEN_TO_ALL = stat.S_IWOTH
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_NEW = ".new"


class Unsafe(OSError):
    """A path leads where others could lead it. ``strerror`` says what, why and the remedy."""

    def __init__(self, text: str) -> None:
        super().__init__(errno.EPERM, text)


class Place(NamedTuple):
    """A name in an open folder; ``path`` is where that is, without links, for messages."""

    folder: int
    name: str
    path: str

    def seen(self) -> os.stat_result | None:
        """What is there, a link itself; None if nothing is."""
        try:
            return os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def open(self, flags: int, mode: int = 0) -> int:
        """Open it without following a link or waiting for anybody.

        :raises Unsafe: when it is no regular file.
        """
        seen = self.seen()
        if seen:
            _refuse_other_kinds(seen)
        elif not flags & os.O_CREAT:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.path)
        handle = os.open(self.name, flags | PLAIN, mode, dir_fd=self.folder)
        try:
            _refuse_other_kinds(os.fstat(handle))
        except BaseException:
            os.close(handle)
            raise
        return handle

    def sync(self) -> None:
        """Flush the folder, so that a name in it outlives a crash."""
        try:
            handle = os.open(".", _LIST, dir_fd=self.folder)
        except PermissionError:  # may be written to, but not listed
            return
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems
                raise
        finally:
            os.close(handle)


def _refuse_other_kinds(seen):
    for is_kind, kind in _KINDS:
        if is_kind(seen.st_mode):
            raise Unsafe(f"it is {kind}, not a regular file")


def owner(uid: int) -> str:
    """The name of an account, for messages."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def trusted(seen: os.stat_result) -> bool:
    return seen.st_uid in (0, os.geteuid())


# -- the walk ---------------------------------------------------------------------------------


@contextlib.contextmanager
def place(path: str | os.PathLike, make: int = 0, follow: bool = True) -> Iterator[Place]:
    """The place a path leads to; see the module for what is refused on the way.

    :kwarg make: a mode, with which folders that are missing are made; none are by default.
    :kwarg follow: where the last component is a link, whether the place is that of what it leads
        to, rather than the link's own.
    :raises OSError: as the system does, and :class:`Unsafe`.
    """
    with contextlib.ExitStack() as stack:
        walk = _Walk(stack, make, follow)
        walk.go(_absolute(path))
        yield Place(walk.folder, walk.name, os.path.join(walk.path, walk.name))


def _absolute(path):
    """From the root, with its ``..`` as they are: what they mean depends on links before them."""
    return os.path.join(os.getcwd(), os.fspath(path))


class _Walk:
    """From one open folder to the next."""

    def __init__(self, stack: contextlib.ExitStack, make: int, follow: bool) -> None:
        self._stack, self._make, self._follow = stack, make & ~0o022, follow
        self._links = 0
        self.name = ""
        self._enter("/")

    def _enter(self, name, inside=None):
        handle = os.open(name, _PASS, dir_fd=inside)
        self._stack.pop_all().close()
        self._stack.callback(os.close, handle)
        self.folder = handle
        self._seen = os.fstat(handle)
        if inside is None:
            self.path = "/"
        elif name == "..":
            self.path = os.path.dirname(self.path)
        else:
            self.path = os.path.join(self.path, name)

    def go(self, path):
        rest = deque(part for part in path.split("/") if part)
        while rest:
            part = rest.popleft()
            if part == ".":
                continue
            if part == "..":
                self._enter(part, self.folder)
                continue
            self._refuse_open_to_all(part)
            target = self._link(part) if rest or self._follow else None
            if target is None:
                if not rest:
                    self.name = part
                    return
                self._step(part)
                continue
            if target.startswith("/"):
                self._enter("/")
            rest.extendleft(reversed([part for part in target.split("/") if part]))
        raise Unsafe("it is a folder, not a regular file")

    def _refuse_open_to_all(self, part):
        mode = self._seen.st_mode
        if not mode & _OPEN_TO_ALL:
            return
        if not mode & stat.S_ISVTX:
            raise Unsafe(
                f"everybody may write to the folder {self.path}, and so replace what is in it:"
                f" chmod o-w {self.path}"
            )
        entry = self._entry(part)
        if entry and not trusted(entry):
            raise Unsafe(
                f"everybody may write to the folder {self.path}, and {part} in it belongs to"
                f" {owner(entry.st_uid)}: use a folder of your own"
            )

    def _entry(self, part):
        return Place(self.folder, part, "").seen()

    def _link(self, part):
        """What a link says; None if it is none."""
        before = self._entry(part)
        if before is None or not stat.S_ISLNK(before.st_mode):
            return None
        path = os.path.join(self.path, part)
        self._links += 1
        if self._links > MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        if not trusted(before):
            raise Unsafe(
                f"{path} is a symbolic link that {owner(before.st_uid)} made, who could point it"
                " anywhere: name the target itself, or make the link yourself"
            )
        target = os.readlink(part, dir_fd=self.folder)
        after = self._entry(part)
        if after is None or _same(before) != _same(after):
            raise Unsafe(f"{path} was replaced while it was read: run again")
        return target

    def _step(self, part):
        try:
            self._enter(part, self.folder)
        except FileNotFoundError:
            if not self._make:
                raise
            with contextlib.suppress(FileExistsError):  # another process of this run was faster
                os.mkdir(part, self._make, dir_fd=self.folder)
            self._enter(part, self.folder)


def _same(seen):
    """A link cannot be changed, only exchanged."""
    return seen.st_dev, seen.st_ino, seen.st_ctime_ns


def folder(path: str | os.PathLike, mode: int = 0o755) -> str:
    """Have a folder; the levels made are never writable by group or others.

    :kwarg mode: of what is made, less the umask.
    :returns: where it is, without links.
    """
    with place(os.path.join(_absolute(path), "x"), make=mode) as found:
        return os.path.dirname(found.path)


def settled(path: str | os.PathLike) -> str:
    """A path with its links followed; what is missing behind them stays as it is written.

    :raises OSError: see :func:`place`.
    """
    rest: list[str] = []
    path = _absolute(path)
    while True:
        try:
            with place(path) as found:
                return os.path.join(found.path, *rest)
        except FileNotFoundError:
            path, name = os.path.split(path)
            rest.insert(0, name)


# -- reading ----------------------------------------------------------------------------------


@contextlib.contextmanager
def opened(path: str | os.PathLike, most: int) -> Iterator[IO[bytes]]:
    """A regular file of a bounded size, to read.

    :arg most: bytes that it may have.
    :raises OSError: with :class:`Unsafe` for what is too large or no regular file.
    """
    with place(path) as found:
        handle = found.open(os.O_RDONLY)
        with os.fdopen(handle, "rb") as stream:
            size = os.fstat(handle).st_size
            if size > most:
                raise Unsafe(f"it has {size:,} bytes, more than the {most:,} that are read")
            yield stream


def read(path: str | os.PathLike, most: int) -> bytes:
    """What a regular file of a bounded size holds; see :func:`opened`."""
    with opened(path, most) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise Unsafe(f"it has more than the {most:,} bytes that are read")
    return data


# -- writing ----------------------------------------------------------------------------------


@contextlib.contextmanager
def replaced(
    path: str | os.PathLike,
    mode: int,
    make: int = 0,
    keep_owner: bool = False,
    alone: bool = False,
) -> Iterator[IO[bytes]]:
    """A new file that takes the place of an old one when the block ends well.

    It is closed to everybody else until then. Other names of the old file, hard links, keep what
    it held.

    :arg mode: what it gets, whatever the umask is.
    :kwarg make: see :func:`place`.
    :kwarg keep_owner: whether a file that root replaces stays its owner's. Not for what its owner
        must not read: in a shared folder that is whoever put a file there.
    :kwarg alone: whether nobody else can be writing it, so that what a killed process left beside
        it goes.
    :returns: a binary stream.
    :raises OSError: and then the old file is as it was.
    """
    with place(path, make) as found:
        seen = found.seen()
        if seen:
            _refuse_other_kinds(seen)
        if alone:
            _sweep(found)
        part = f".{found.name}.{secrets.token_hex(8)}{_NEW}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN
        handle = os.open(part, flags, 0o600, dir_fd=found.folder)
        try:
            with os.fdopen(handle, "wb", buffering=1 << 16) as stream:
                if seen and keep_owner:
                    with contextlib.suppress(OSError):  # only root can, and only then it matters
                        os.fchown(handle, seen.st_uid, seen.st_gid)
                yield stream
                stream.flush()
                os.fchmod(handle, mode)
                os.fsync(handle)
            os.rename(part, found.name, src_dir_fd=found.folder, dst_dir_fd=found.folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part, dir_fd=found.folder)
            raise
        found.sync()


def _sweep(found):
    try:
        handle = os.open(".", _LIST, dir_fd=found.folder)
    except PermissionError:
        return
    try:
        names = os.listdir(handle)
    finally:
        os.close(handle)
    for name in names:
        if name.startswith(f".{found.name}.") and name.endswith(_NEW):
            os.unlink(name, dir_fd=found.folder)


def append(path: str | os.PathLike, text: str, mode: int) -> None:
    """Add to the end of a file, which is made if need be, as are folders.

    :arg mode: of a file that is made, less the umask.
    :raises OSError: with :class:`Unsafe` for a file of more than one name, since that may be
        another file of this account that somebody linked here.
    """
    with place(path, make=0o755) as found:
        handle = found.open(os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode & ~0o022)
        try:
            seen = os.fstat(handle)
            if seen.st_nlink > 1:
                raise Unsafe(
                    f"the file has {seen.st_nlink} names (hard links), and would grow under all of"
                    " them: remove it here, or name another one"
                )
            data = text.encode("utf-8")
            while data:
                data = data[os.write(handle, data) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        found.sync()
