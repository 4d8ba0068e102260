# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The running process of an installation, found in /proc.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import stat
from dataclasses import dataclass, field
from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    place as _place,
    rights as _rights,
)

MAIN_CLASS = b"org.red5.server.Bootstrap"
_MAIN = b"\0" + MAIN_CLASS + b"\0"
UNIT = "antmedia.service"

# What a process may show of itself is as long as it likes; arguments that Linux takes are not.
MOST_BYTES = 2 << 20
MOST_APPS = 1000
MOST_OTHERS = 20

# Files by whose owners the accounts of a server are told, beside those of its applications.
_OWNED = ("", "conf", "webapps", os.path.join("conf", "red5.properties"), "server.db")
_OWNED_BY_APP = os.path.join("WEB-INF", "red5-web.properties")


@dataclass(frozen=True)
class Process:
    """A running server: its process id, when it started in Unix seconds, its environment.

    ticks: when it started as the kernel counts, which no step of the clock moves. uid: its account.
    arguments: the words of its command line, none where it does not show them. folder: the one it
    runs in, empty where it does not show it.
    """

    pid: int
    started: float
    environ: dict[str, str] = field(repr=False)
    ticks: int = 0
    uid: int = 0
    arguments: tuple[str, ...] = field(default=(), repr=False)
    folder: str = ""

    def same(self, other: Process | None) -> bool:
        """Whether another look, maybe at nothing, found this very process."""
        return other is not None and (self.pid, self.ticks) == (other.pid, other.ticks)


def _read(pid: int, name: str) -> bytes:
    with open(f"/proc/{pid}/{name}", "rb") as stream:
        return stream.read(MOST_BYTES)


def _boot_time() -> int:
    with open("/proc/stat", "rb") as stream:
        for line in stream:
            if line.startswith(b"btime "):
                return int(line.split()[1])
    return 0


def _ticks(pid: int) -> int:
    # The name of the command may hold blanks and brackets, so count from the last bracket.
    return int(_read(pid, "stat").rpartition(b")")[2].split()[19])


def _shown(pid: int, uid: int, look: Callable[[int], Any]) -> Any:
    """What a process shows to root, or else to its own account; None if it does not.

    In a container root may lack the right to look into processes of others.
    """
    for rights in (None, _rights.of_account(uid) if uid and not os.geteuid() else None):
        with contextlib.suppress(OSError), _rights.taken(rights):
            return look(pid)
    return None


def _environ(pid: int, uid: int = 0) -> dict[str, str]:
    pairs = _shown(pid, uid, lambda pid: _read(pid, "environ")) or b""
    return {
        name.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for name, found, value in (pair.partition(b"=") for pair in pairs.split(b"\0"))
        if found
    }


def _arguments(pid: int) -> tuple[str, ...]:
    """The words of a process's command line."""
    try:
        return tuple(os.fsdecode(_read(pid, "cmdline")).split("\0"))
    except OSError:
        return ()


def _folder(pid: int, uid: int) -> str:
    return _shown(pid, uid, lambda pid: os.readlink(f"/proc/{pid}/cwd")) or ""


def _uids(pid: int) -> tuple[int, int]:
    """The real and the effective account of a process."""
    for line in _read(pid, "status").splitlines():
        if line.startswith(b"Uid:"):
            real, effective = line.split()[1:3]
            return int(real), int(effective)
    raise ValueError("no account")


def accounts(home: str) -> frozenset[int]:
    """Accounts that a server of a home may run as: root, this one, and the owners of its files."""
    paths = [os.path.join(home, name) for name in (*_OWNED, *_app_files(home))]
    found = {0, os.geteuid()}
    for path in paths:
        with contextlib.suppress(OSError), _place.find(path) as at:
            seen = at.status()
            if seen:
                found.add(seen.st_uid)
    return frozenset(found)


def _app_files(home: str) -> list[str]:
    """The applications' settings files, below the home."""
    with contextlib.suppress(OSError), _place.folder(os.path.join(home, "webapps")) as at:
        return [os.path.join("webapps", app, _OWNED_BY_APP) for app in at.names()[:MOST_APPS]]
    return []


def _cgroup(pid: int) -> str:
    """The path of a process in systemd's tree of units."""
    for line in _read(pid, "cgroup").decode("utf-8", "replace").splitlines():
        _number, names, path = line.split(":", 2)
        if names in ("", "name=systemd"):
            return path
    return ""


def of_unit(pid: int) -> bool:
    """Whether the system's unit of the server has started a process: nobody but root can say so.

    Looked at from the first process, which in a container is not at the root of the tree.
    """
    try:
        above = _cgroup(1)
        path = _cgroup(pid)
    except (OSError, ValueError):
        return False
    above = above[: -len("/init.scope")] if above.endswith("/init.scope") else above.rstrip("/")
    if not path.startswith(above + "/"):
        return False
    slices, found, _below = (path[len(above) :] + "/").partition("/" + UNIT + "/")
    # What users and containers run is in slices, too, and there they name it as they like.
    names = slices.split("/")[1:]
    return bool(found) and all(
        name.endswith(".slice") and name not in ("user.slice", "machine.slice") for name in names
    )


def _home_of(arguments):
    """The folder that a server's arguments name, empty where they name none."""
    folders = [argument[16:] for argument in arguments if argument.startswith(b"-Dcatalina.home=/")]
    return os.fsdecode(folders[0]) if folders else ""


def _runs_from(pid, arguments, home):
    """Whether a process runs from a folder; its arguments say it even where /proc does not tell."""
    wanted = os.stat(home)
    path = _home_of(arguments)
    if not path:
        return os.path.samestat(os.stat(f"/proc/{pid}/cwd"), wanted)
    try:  # in a container the same name is another folder
        found = os.stat(f"/proc/{pid}/root{path}")
    except PermissionError:
        found = os.stat(path)
    return os.path.samestat(found, wanted)


def _borrowed(pid: int) -> bool:
    """Whether a process has its rights from its program: then anybody may have started it."""
    try:
        return bool(os.stat(f"/proc/{pid}/exe").st_mode & stat.S_ISUID)
    except PermissionError:
        return False


def _calls_itself_one(pid: int) -> bool:
    """Whether a process has the command line of a server, which anybody can give to anything."""
    try:
        return _MAIN in _read(pid, "cmdline")
    except OSError:  # ended, or not to be read
        return False


def _look(pid, home, expected):
    """A server as what tells the likelier of two, and its account; None if it is none of a home."""
    command = _read(pid, "cmdline")
    if _MAIN not in command:
        return None
    unit = of_unit(pid)
    real, effective = _uids(pid)
    # Nothing that another account controls is looked at any further.
    if not unit and not {real, effective} <= expected:
        return None
    arguments = command.split(b"\0")
    if _borrowed(pid) or not _runs_from(pid, arguments, home):
        return None
    # Some commands keep the arguments of what they start, and a server that starts a program is
    # there twice for a moment.
    likely = not unit, os.path.basename(arguments[0]) != b"java", _ticks(pid), pid
    return likely, effective


def find(home: str) -> Process | None:
    """The server that runs from a home, None if none does.

    A server is told by its main class, its folder and its account: whoever else has the command
    line of one is none. Of two the one that the system's unit has started counts.
    """
    pids = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    pids = [pid for pid in pids if _calls_itself_one(pid)]
    # While one is waited for there is mostly none, and its files need not be looked at.
    expected, found = accounts(home) if pids else frozenset(), []
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):  # ended, or not to be read
            look = _look(pid, home, expected)
            if look:
                found.append(look)
    for (_unit, _java, ticks, pid), uid in sorted(found):
        with contextlib.suppress(OSError, ValueError):
            started = _boot_time() + ticks / os.sysconf("SC_CLK_TCK")
            return Process(
                pid, started, _environ(pid, uid), ticks, uid, _arguments(pid), _folder(pid, uid)
            )
    return None


def program(pid: int) -> str:
    """What a process calls itself, in a word; empty where it does not say."""
    try:
        return _read(pid, "comm").decode("utf-8", "replace").strip()
    except OSError:
        return ""


def in_container(pid: int) -> bool:
    """Whether a process is known to have another root folder than this one."""
    try:
        return not os.path.samestat(os.stat(f"/proc/{pid}/root"), os.stat("/"))
    except OSError:
        return False


def home_inside(process: Process) -> str:
    """The home as a server in a container names it; empty where it is in none."""
    if not in_container(process.pid):
        return ""
    return _home_of(map(os.fsencode, process.arguments)).rstrip("/")


@dataclass(frozen=True)
class Other:
    """A process that calls itself a server and is not found to be the one of a home.

    why: in words. here: whether it is seen to run from another folder of this very system. shares:
    whether it has settings of the home all the same.
    """

    pid: int
    why: str
    here: bool = False
    shares: bool = False


def others(home: str) -> list[Other]:
    """Processes that call themselves a server and are not found to be the one of a home."""
    pids = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    pids = [pid for pid in pids if _calls_itself_one(pid)][:MOST_OTHERS]
    expected = accounts(home) if pids else frozenset()
    found = []
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):  # ended meanwhile
            found.append(_other(pid, home, expected))
    return found


def _other(pid, home, expected):
    real, effective = _uids(pid)
    if not {real, effective} <= expected and not of_unit(pid):
        return Other(pid, f"runs as account {effective}, which owns nothing of {home}")
    folder = _home_of(_read(pid, "cmdline").split(b"\0"))
    here = not in_container(pid)
    try:
        shares = _shares(pid, folder, home)
    except PermissionError:
        return Other(pid, "may not be looked at by this account")
    words = ["runs", *(["from " + folder] if folder else []), *([] if here else ["in a container"])]
    return Other(pid, " ".join(words), here, shares)


def _shares(pid, folder, home):
    """Whether a process has one of the settings files of a home: a part of it may be mounted."""
    there = f"/proc/{pid}/root{folder}" if folder else f"/proc/{pid}/cwd"
    for name in (_OWNED[3], *_app_files(home)):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            found = os.stat(os.path.join(there, name))
            with _place.find(os.path.join(home, name)) as at:
                own = at.status()
            if own and os.path.samestat(found, own):
                return True
    return False


def connected_from() -> list[str]:
    """The address an ssh connection to this process came from, as a list of none or one.

    Looked up through the parents, since sudo takes the variable out of the environment.
    """
    pid = os.getpid()
    while pid > 1:
        connection = _environ(pid).get("SSH_CONNECTION", "").split()
        if connection:
            address = connection[0].partition("%")[0]
            try:
                ipaddress.ip_address(address)
            except ValueError:  # sshd says UNKNOWN of what is no network connection
                return []
            return [address]
        try:
            pid = int(_read(pid, "stat").rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            break
    return []
