# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One HTTP request to the server on this host, without proxies, redirects and cookies of its own.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    link as _link,
    listener as _listener,
    tls as _tls,
)

PIECE = 1 << 16


@dataclass(frozen=True)
class Answer:
    """What came: the status, 0 when nothing did; headers; body; how long it took in seconds.

    foreign: whether nothing was sent, since somebody else than the server is there.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    seconds: float = 0.0
    error: str = ""
    foreign: bool = False

    def json(self) -> Any:
        """The body as JSON, None when it is none."""
        try:
            return _json.parse(self.body.decode("utf-8"))
        except ValueError:
            return None

    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


_Http = http.client.HTTPConnection


class _Https(_Http):
    """For the port that goes without saying."""

    default_port = http.client.HTTPS_PORT


def request(
    port: int,
    method: str,
    path: str,
    host: str = "127.0.0.1",
    source: str | None = None,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    timeout: float = 10.0,
    peer: _listener.Listener | None = None,
    tls: Callable[[_link.Link, str], _tls.Link] | None = None,
) -> Answer:
    """Ask once.

    :arg port: TCP port.
    :kwarg source: IPv4 address to ask from, one of this host's own; not for a host by IPv6.
    :kwarg body: an object to send as JSON, or None.
    :kwarg timeout: seconds for all of it, from the connection to the answer's last byte.
    :kwarg peer: who has to be there: nobody else is sent anything. None for anybody.
    :kwarg tls: speaks TLS on a connection, as :func:`_tls.checked` does; None for plain HTTP.
    :returns: an :class:`Answer`; an error of the network, somebody else's port and an answer that
        is too long are one of status 0.
    """
    headers = dict(headers or {})
    data = None
    if body is not None:
        data = json.dumps(body).encode("utf-8")
        headers["Content-Type"] = "application/json"
    begin = time.monotonic()
    try:
        with contextlib.closing((_Https if tls else _Http)(host, port)) as connection:
            connection.auto_open = 0
            connection.sock = _link.connect(host, port, timeout, source, peer)
            if tls:
                connection.sock = tls(connection.sock, host)
            connection.request(method, path, body=data, headers=headers)
            with connection.getresponse() as response:
                content = _content(response)
                status, found = response.status, {k.lower(): v for k, v in response.getheaders()}
    except (OSError, http.client.HTTPException, ValueError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        foreign = isinstance(error, _listener.Foreign)
        return Answer(0, seconds=time.monotonic() - begin, error=reason, foreign=foreign)
    return Answer(status, content, found, time.monotonic() - begin)


def _content(response: http.client.HTTPResponse) -> bytes:
    """The body, never all at once: memory for as much as it claims to have would be taken first."""
    content = bytearray()
    for piece in iter(lambda: response.read(PIECE), b""):
        content += piece
    if response.length:
        raise http.client.IncompleteRead(bytes(content), response.length)
    return bytes(content)
