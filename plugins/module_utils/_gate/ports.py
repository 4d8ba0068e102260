# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sockets on which the gate listens.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import socket

BACKLOG = 512
LOOPBACK = "127.0.0.1"


def public(port: int) -> socket.socket:
    """A socket for every address of this host, of both families where it has both.

    :raises OSError: when it cannot be had.
    """
    if socket.has_dualstack_ipv6():
        with contextlib.suppress(OSError):
            return socket.create_server(
                ("::", port), family=socket.AF_INET6, backlog=BACKLOG, dualstack_ipv6=True
            )
    return socket.create_server(("0.0.0.0", port), backlog=BACKLOG)


def local(port: int) -> socket.socket:
    """A socket for this host only.

    :raises OSError: when it cannot be had.
    """
    return socket.create_server((LOOPBACK, port), backlog=BACKLOG)
