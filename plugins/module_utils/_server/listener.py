# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether it is the server that listens on a port of this host, before it is told a secret.

The kernel is asked for the sockets that listen: by netlink, which takes microseconds however many
connections there are, else by the tables of /proc, in which those that listen come first.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import itertools
import os
import pwd
import socket
import struct
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._host import process as _process

MOST_BYTES = 4 << 20
MOST_HANDLES = 1 << 20
NETLINK_SECONDS = 5.0

LISTEN = 10
_SOCK_DIAG, _BY_FAMILY, _DUMP, _DONE, _ERROR, _ONLY_V6 = 4, 20, 0x301, 3, 2, 11
_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBBxI")
# Family, state, port, address, account and inode of an answer's socket.
_SOCKET = struct.Struct("=BBxx2s2x16s16x12x12xII")
_FAMILIES = {socket.AF_INET: "tcp", socket.AF_INET6: "tcp6"}


class Foreign(OSError):
    """Somebody else than the server is at a port, or may be; nothing was sent."""


@dataclass(frozen=True)
class Socket:
    """A TCP socket that listens.

    only_v6: whether one for every IPv6 address is known to take no connection by IPv4.
    """

    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    port: int
    uid: int
    inode: int
    only_v6: bool = False

    def reached_at(self, address) -> bool:
        """Whether a connection to an address could come here."""
        own = self.address
        if own.version == address.version:
            return own == address or own.is_unspecified
        if own.version == 6:
            return not self.only_v6 and (
                own.is_unspecified or own.ipv4_mapped in (address, ipaddress.IPv4Address(0))
            )
        return False


def listening(port: int) -> list:
    """The sockets of this host that listen on a port.

    :raises OSError: when nobody says.
    """
    found = []
    for family in _FAMILIES:
        try:
            found += _from_netlink(family, port)
        except OSError:
            found += _from_table("self", family, port)
    return found


def _from_netlink(family, port):
    identity = struct.pack("!H", port) + bytes(46)
    request = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 1 << LISTEN) + identity
    found = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as link:
        link.settimeout(NETLINK_SECONDS)
        link.sendto(
            _HEADER.pack(_HEADER.size + len(request), _BY_FAMILY, _DUMP, 1, 0) + request, (0, 0)
        )
        while True:
            data, (sender, _groups) = link.recvfrom(1 << 16)
            for kind, body in _messages(data) if sender == 0 else ():
                if kind == _DONE:
                    return found
                if kind == _ERROR:
                    raise OSError("the kernel does not list sockets")
                if kind == _BY_FAMILY:
                    found += [one for one in [_from_message(family, body)] if one.port == port]


def _messages(data):
    while len(data) >= _HEADER.size:
        size, kind, _flags, _number, _sender = _HEADER.unpack_from(data)
        if size < _HEADER.size:
            break
        yield kind, data[_HEADER.size : size]
        data = data[(size + 3) & ~3 :]


def _from_message(family, body):
    if len(body) < _SOCKET.size:
        raise OSError("the kernel lists sockets in another form")
    _family, _state, port, address, uid, inode = _SOCKET.unpack_from(body)
    if family == socket.AF_INET:
        address = address[:4]
    only_v6, rest = False, body[_SOCKET.size :]
    while len(rest) >= 4:
        size, kind = struct.unpack_from("=HH", rest)
        if size < 4:
            break
        only_v6 = only_v6 or (kind == _ONLY_V6 and rest[4:5] == b"\x01")
        rest = rest[(size + 3) & ~3 :]
    port = int.from_bytes(port, "big")
    return Socket(ipaddress.ip_address(address), port, uid, inode, only_v6)


def _from_table(pid, family, port):
    """The same from /proc, which does not say of an IPv6 socket whether it takes IPv4."""
    found = []
    try:
        for line in _lines(f"/proc/{pid}/net/{_FAMILIES[family]}"):
            words = line.split()
            if words[0] == b"sl":
                continue
            if int(words[3], 16) != LISTEN:
                break
            address, number = words[1].split(b":")
            if int(number, 16) == port:
                parts = [int(address[at : at + 8], 16) for at in range(0, len(address), 8)]
                packed = struct.pack(f"={len(parts)}I", *parts)
                uid, inode = int(words[7]), int(words[9])
                found.append(Socket(ipaddress.ip_address(packed), port, uid, inode))
    except FileNotFoundError:  # no IPv6 here
        return []
    except (ValueError, IndexError) as error:
        raise OSError("the kernel lists sockets in another form") from error
    return found


def _lines(path):
    """Lines of a table, no more at a time than the kernel has to look up."""
    handle = os.open(path, os.O_RDONLY)
    try:
        rest, total = b"", 0
        while total < MOST_BYTES:
            data = os.read(handle, 4096)
            if not data:
                return
            total += len(data)
            *lines, rest = (rest + data).split(b"\n")
            yield from lines
    finally:
        os.close(handle)
    raise OSError(f"{path} has no end")


def held(pid: int, inodes: set) -> set:
    """Those of some sockets that a process has.

    :raises OSError: when it may not be looked at.
    """
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    found = set()
    with os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in itertools.islice(entries, MOST_HANDLES):
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                inode = wanted.get(os.readlink(entry.path))
                if inode is not None:
                    found.add(inode)
                    if len(found) == len(wanted):
                        break
    return found


@functools.lru_cache(maxsize=64)
def _holder(inode, uid):
    """Who has a socket, in words."""
    try:
        account = pwd.getpwuid(uid).pw_name
    except KeyError:
        account = uid
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if entry.isdigit() and held(int(entry), {inode}):
                return f"account {account}, process {entry}"
    return f"account {account}"


class Listener:
    """The server of a home as one that listens.

    What was proved of a socket holds as long as that very socket listens.
    """

    def __init__(self, home: str) -> None:
        self.home = home
        self.proved: set = set()

    def look(self, port: int) -> list:
        """Who listens before a connection is made."""
        try:
            return listening(port)
        except OSError as error:
            raise Foreign(
                f"nobody can tell who listens on port {port} ({error.strerror or error}): nothing"
                " was sent"
            ) from error

    def prove(self, link: socket.socket, before: list) -> None:
        """See to it that a connection has come to the server.

        :arg before: what :meth:`look` said before the connection was made.
        :raises Foreign: when it has not, or nobody knows.
        """
        host, port = link.getpeername()[:2]
        address = ipaddress.ip_address(host.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        now = [one for one in self.look(port) if one.reached_at(address)]
        if not now or not _of_this_host(link, address, now):
            raise Foreign(
                f"{address} port {port} leads to no port of this host that anything is known to"
                " listen on: nothing was sent"
            )
        for one in now:
            if one not in before:
                raise Foreign(
                    f"port {port} went from one process to another while it was asked: nothing was"
                    " sent"
                )
        unknown = [one for one in now if one not in self.proved]
        if unknown:
            self._prove(unknown)
            self.proved.update(unknown)

    def stranger(self, port: int) -> str:
        """Who has a port while no server runs, in words; empty where nobody has."""
        with contextlib.suppress(OSError):
            for one in listening(port):
                return (
                    f"port {port} is held by another process ({_holder(one.inode, one.uid)}) while"
                    " no server runs"
                )
        return ""

    def _prove(self, sockets):
        process = _process.find(self.home)
        if process:
            sockets = [one for one in sockets if not _belongs(one, process)]
            server = (
                "the server"
                if _same_network(process)
                else ("the server, which is in another network namespace")
            )
        else:
            server = f"a server of {self.home}, of which none runs"
        for one in sockets:
            raise Foreign(
                f"port {one.port} is held by another process ({_holder(one.inode, one.uid)}), not"
                f" by {server}: nothing was sent"
            )


def _of_this_host(link, address, sockets):
    """Whether an address is one of this host's own, and no other host's with such a port."""
    if address.is_loopback or any(one.address == address for one in sockets):
        return True
    with socket.socket(link.family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((*link.getpeername()[:1], 0, *link.getpeername()[2:]))
        except OSError:
            return False
    return True


def _same_network(process):
    """Whether a process is in the network of this one, as far as one may look."""
    try:
        theirs = os.readlink(f"/proc/{process.pid}/ns/net")
        return theirs == os.readlink("/proc/self/ns/net")
    except OSError:
        return True


def _belongs(one, process):
    """Whether a process has a socket, and an account of its own made it."""
    try:
        return one.uid in (0, process.uid) and one.inode in held(process.pid, {one.inode})
    except OSError:
        pass
    # Not even root may look at the handles everywhere. Another network has other sockets.
    if one.uid != process.uid:
        return False
    with contextlib.suppress(OSError):
        inodes = [
            other.inode
            for family in _FAMILIES
            for other in _from_table(process.pid, family, one.port)
        ]
        return one.inode in inodes
    return False


@functools.lru_cache(maxsize=16)
def of(home: str) -> Listener:
    """The listener of a home: one for a run, so that its socket is proved once."""
    return Listener(home)
