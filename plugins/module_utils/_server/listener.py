# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether it is the server that listens on a port of this host, before it is told a secret.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import os
import pwd
import socket
import threading
from typing import Collection

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    process as _process,
    sockets as _sockets,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.sockets import Socket


class Foreign(OSError):
    """Somebody else than the server is at a port, or may be; nothing was sent."""


class Listener:
    """The server of a home as one that listens.

    What was proved of a socket holds as long as that very socket listens.
    """

    def __init__(self, home: str) -> None:
        self.home = home
        self.proved: set[Socket] = set()
        # Who looks for the server takes an account's rights now and then, for all threads at once.
        self._looking = threading.Lock()

    def look(self, port: int) -> list[Socket]:
        """Who listens before a connection is made."""
        try:
            return _sockets.listening(port)
        except OSError as error:
            raise Foreign(
                f"nobody can tell who listens on port {port} ({error.strerror or error}): nothing"
                " was sent"
            ) from error

    def prove(self, link: socket.socket, before: Collection[Socket]) -> None:
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
        with self._looking:
            unknown = [one for one in now if one not in self.proved]
            if unknown:
                self._prove(unknown)
                self.proved.update(unknown)

    def _prove(self, sockets: list[Socket]) -> None:
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
                f"port {one.port} is held by another process ({_sockets.who(one)}), not"
                f" by {server}: nothing was sent"
            )


class OfAccounts(Listener):
    """Programs that run under accounts of their own, such as a gate in front of the server.

    :arg accounts: names.
    """

    def __init__(self, *accounts: str) -> None:
        super().__init__("")
        self.accounts = accounts

    def _prove(self, sockets: list[Socket]) -> None:
        found = [pwd.getpwnam(name).pw_uid for name in self.accounts if _is_account(name)]
        for one in sockets:
            if one.uid not in found:
                raise Foreign(
                    f"port {one.port} is held by another process ({_sockets.who(one)}), not by"
                    f" {' or '.join(self.accounts)}: nothing was sent"
                )


def _is_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _of_this_host(
    link: socket.socket, address: _sockets.Address, sockets: Collection[Socket]
) -> bool:
    """Whether an address is one of this host's own, and no other host's with such a port."""
    if address.is_loopback or any(one.address == address for one in sockets):
        return True
    with socket.socket(link.family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((*link.getpeername()[:1], 0, *link.getpeername()[2:]))
        except OSError:
            return False
    return True


def _same_network(process: _process.Process) -> bool:
    """Whether a process is in the network of this one, as far as one may look."""
    try:
        theirs = os.readlink(f"/proc/{process.pid}/ns/net")
        return theirs == os.readlink("/proc/self/ns/net")
    except OSError:
        return True


def _belongs(one: Socket, process: _process.Process) -> bool:
    """Whether a process has a socket, and an account of its own made it."""
    try:
        return one.uid in (0, process.uid) and one.inode in _sockets.held(process.pid, {one.inode})
    except OSError:
        pass
    # Not even root may look at the handles everywhere. Another network has other sockets.
    if one.uid != process.uid:
        return False
    with contextlib.suppress(OSError):
        there = _sockets.in_network_of(process.pid, one.port)
        return one.inode in [other.inode for other in there]
    return False


@functools.lru_cache(maxsize=16)
def of(home: str) -> Listener:
    """The listener of a home: one for a run, so that its socket is proved once."""
    return Listener(home)
