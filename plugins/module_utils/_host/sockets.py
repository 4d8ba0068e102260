# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The TCP sockets of this host that listen, and who has them.

The kernel is asked for them: by netlink, which takes microseconds however many connections there
are, else by the tables of /proc, in which those that listen come first.

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
from typing import Collection, Iterator, Union

MOST_BYTES = 4 << 20
MOST_HANDLES = 1 << 20
NETLINK_SECONDS = 5.0

LISTEN = 10
_SOCK_DIAG, _BY_FAMILY, _DUMP, _DONE, _ERROR, _ONLY_V6 = 4, 20, 0x301, 3, 2, 11
_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBBxI")
# Family, state, port, address, account and inode of an answer's socket.
_SOCKET = struct.Struct("=BBxx2s2x16s16x12x12xII")
_FAMILIES: dict[int, str] = {socket.AF_INET: "tcp", socket.AF_INET6: "tcp6"}

Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


@dataclass(frozen=True)
class Socket:
    """A TCP socket that listens.

    only_v6: whether one for every IPv6 address is known to take no connection by IPv4.
    """

    address: Address
    port: int
    uid: int
    inode: int
    only_v6: bool = False

    def reached_at(self, address: Address) -> bool:
        """Whether a connection to an address could come here."""
        own = self.address
        if own.version == address.version:
            return own == address or own.is_unspecified
        if isinstance(own, ipaddress.IPv6Address):
            return not self.only_v6 and (
                own.is_unspecified or own.ipv4_mapped in (address, ipaddress.IPv4Address(0))
            )
        return False


def listening(port: int) -> list[Socket]:
    """The sockets of this host that listen on a port.

    :raises OSError: when nobody says.
    """
    found: list[Socket] = []
    for family in _FAMILIES:
        try:
            found += _from_netlink(family, port)
        except OSError:
            found += _from_table("self", family, port)
    return found


def every(pid: int | None = None) -> list[Socket]:
    """The sockets of this host that listen on any port, or those in the network of a process.

    :raises OSError: when nobody says.
    """
    found: list[Socket] = []
    for family in _FAMILIES:
        try:
            found += _from_table(pid, family, None) if pid else _from_netlink(family, None)
        except OSError:
            found += _from_table(pid or "self", family, None)
    return found


def in_network_of(pid: int, port: int) -> list[Socket]:
    """Sockets that listen on a port in the network of a process, from the tables of /proc.

    :raises OSError: when they may not be looked at.
    """
    return [one for family in _FAMILIES for one in _from_table(pid, family, port)]


def _from_netlink(family: int, port: int | None) -> list[Socket]:
    identity = struct.pack("!H", port or 0) + bytes(46)
    request = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 1 << LISTEN) + identity
    found: list[Socket] = []
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
                    one = _from_message(family, body)
                    found += [one] if port in (None, one.port) else []


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= _HEADER.size:
        size, kind, _flags, _number, _sender = _HEADER.unpack_from(data)
        if size < _HEADER.size:
            break
        yield kind, data[_HEADER.size : size]
        data = data[(size + 3) & ~3 :]


def _from_message(family: int, body: bytes) -> Socket:
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


def _from_table(pid: int | str, family: int, port: int | None) -> list[Socket]:
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
            if port in (None, int(number, 16)):
                parts = [int(address[at : at + 8], 16) for at in range(0, len(address), 8)]
                packed = struct.pack(f"={len(parts)}I", *parts)
                uid, inode = int(words[7]), int(words[9])
                found.append(Socket(ipaddress.ip_address(packed), int(number, 16), uid, inode))
    except FileNotFoundError:  # no IPv6 here
        return []
    except (ValueError, IndexError) as error:
        raise OSError("the kernel lists sockets in another form") from error
    return found


def _lines(path: str) -> Iterator[bytes]:
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


def held(pid: int, inodes: Collection[int]) -> set[int]:
    """Those of some sockets that a process has.

    :raises OSError: when it may not be looked at.
    """
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    found: set[int] = set()
    with os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in itertools.islice(entries, MOST_HANDLES):
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                inode = wanted.get(os.readlink(entry.path))
                if inode is not None:
                    found.add(inode)
                    if len(found) == len(wanted):
                        break
    return found


def holder(inode: int) -> int | None:
    """The process that has a socket; None where none is seen that does."""
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if entry.isdigit() and held(int(entry), {inode}):
                return int(entry)
    return None


@functools.lru_cache(maxsize=64)
def who(one: Socket) -> str:
    """Who has a socket, in words."""
    try:
        account = pwd.getpwuid(one.uid).pw_name
    except KeyError:
        account = str(one.uid)
    pid = holder(one.inode)
    return f"account {account}" + (f", process {pid}" if pid else "")
