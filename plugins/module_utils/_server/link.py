# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A TCP connection that ends in time, whatever the other end does, and brings a bounded amount.

PRIVATE to the collection.
"""

from __future__ import annotations

import socket
import time
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    listener as _listener,
)

MOST_BYTES = 8 << 20


class Link(socket.socket):
    """A connection with one limit of time for all that is done with it, and one of bytes.

    limit: a time of ``time.monotonic()``. left: bytes that may still come.
    """

    limit = 0.0
    left = MOST_BYTES

    def wait(self) -> None:
        """Let the next step take as long as there is left."""
        seconds = self.limit - time.monotonic()
        if seconds <= 0:
            raise socket.timeout("timed out")
        self.settimeout(seconds)

    def _count(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise OSError(f"the answer is longer than {MOST_BYTES} bytes")

    def connect(self, address: Any) -> None:
        self.wait()
        super().connect(address)

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        self.wait()
        data = super().recv(buflen, flags)
        self._count(len(data))
        return data

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        """What HTTP reads by."""
        self.wait()
        count = super().recv_into(buffer, nbytes or 0, flags)
        self._count(count)
        return count

    def sendall(self, data: Any, flags: int = 0) -> None:
        self.wait()
        super().sendall(data, flags)


def connect(
    host: str,
    port: int,
    seconds: float,
    source: str | None = None,
    peer: _listener.Listener | None = None,
) -> Link:
    """Connect.

    :arg seconds: for the connection and everything that follows.
    :kwarg source: address of this host to come from; not used towards one of another family.
    :kwarg peer: who has to be at the other end, before anything is sent there.
    :raises OSError: no connection, or somebody else is there.
    """
    limit = time.monotonic() + seconds
    before = peer.look(port) if peer else []
    fault = OSError(f"{host} has no address")
    for family, kind, protocol, _name, place in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        link = Link(family, kind, protocol)
        link.limit = limit
        try:
            if source and (":" in source) == (family == socket.AF_INET6):
                link.bind((source, 0))
            link.connect(place)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if peer:
                peer.prove(link, before)
        except OSError as error:
            link.close()
            fault = error
        except BaseException:
            link.close()
            raise
        else:
            return link
    raise fault
