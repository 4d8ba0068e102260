# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TLS over a connection that ends in time, and brings a bounded amount.

PRIVATE to the collection.
"""

from __future__ import annotations

import ssl
from typing import cast

from ansible_collections.streamward.antmedia.plugins.module_utils._server import link as _link

_STRICT = 0x20  # of OpenSSL; not every version of Python names it


class Link(_link.Link, ssl.SSLSocket):
    """A connection by TLS, with the limits of the one below it."""


def over(link: _link.Link, host: str, context: ssl.SSLContext) -> Link:
    """TLS on a connection, which it takes over; closed when there is no handshake.

    :arg host: whom to ask for; empty for whoever is there.
    :raises OSError: no handshake.
    """
    context.sslsocket_class = Link
    limit, name = link.limit, host or None
    tls = cast(Link, context.wrap_socket(link, server_hostname=name, do_handshake_on_connect=False))
    tls.limit = limit
    try:
        tls.wait()
        tls.do_handshake()
    except BaseException:
        tls.close()
        raise
    return tls


def checked(link: _link.Link, host: str) -> Link:
    """TLS with somebody whose certificate is good for a host.

    :raises OSError: with anybody else.
    """
    return over(link, host, strict())


def unchecked(link: _link.Link, host: str = "") -> Link:
    """TLS with whoever is there: no secret may go there that has not been proved otherwise."""
    return over(link, host, lax())


def strict() -> ssl.SSLContext:
    """Takes the certificates that a browser takes."""
    context = ssl.create_default_context()
    context.verify_flags &= ~_STRICT  # which browsers do not ask for either
    return context


def lax() -> ssl.SSLContext:
    """Takes every certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
