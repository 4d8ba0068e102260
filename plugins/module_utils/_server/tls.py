# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TLS over a connection that ends in time, whoever's certificate the other end shows.

PRIVATE to the collection.
"""

from __future__ import annotations

import ssl

from ansible_collections.streamward.antmedia.plugins.module_utils._server import link as _link

PIECE = 1 << 16


class Link:
    """A connection to speak TLS on; who is there has been proved before.

    :arg link: a connection, which it takes over; closed when there is no handshake.
    :raises OSError: no handshake.
    """

    def __init__(self, link: _link.Link) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._link = link
        self._came, self._to_go = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._came, self._to_go)
        try:
            self._until_done(self._tls.do_handshake)
        except BaseException:
            self.close()
            raise

    def _until_done(self, work, *arguments):
        while True:
            try:
                return work(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                data = self._link.recv(PIECE)
                if not data:
                    raise ConnectionResetError("the server closed the connection") from None
                self._came.write(data)
            finally:
                self._flush()

    def _flush(self):
        data = self._to_go.read()
        if data:
            self._link.sendall(data)

    def recv(self, size: int) -> bytes:
        """Bytes that came, at most so many; none when the other end has closed."""
        try:
            return self._until_done(self._tls.read, size)
        except (ssl.SSLZeroReturnError, ConnectionResetError):
            return b""

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._until_done(self._tls.write, data)

    def setsockopt(self, *option: int) -> None:
        """Of the connection below."""
        self._link.setsockopt(*option)

    def close(self) -> None:
        """Close the connection."""
        self._link.close()
