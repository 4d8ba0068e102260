# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One HTTP request to the server on this host, without proxies, redirects and cookies of its own.

PRIVATE to the collection.
"""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What came: the status, 0 when nothing did; headers; body; how long it took in seconds."""

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: dict = field(default_factory=dict, repr=False)
    seconds: float = 0.0
    error: str = ""

    def json(self):
        """The body as JSON, None when it is none."""
        try:
            return json.loads(self.body.decode("utf-8"))
        except ValueError:
            return None

    def text(self):
        """The body as text."""
        return self.body.decode("utf-8", "replace")


def request(
    port, method, path, host="127.0.0.1", source=None, headers=None, body=None, timeout=10.0
):
    """Ask once.

    :arg port: TCP port.
    :kwarg source: IPv4 address to ask from, one of this host's own; not for a host by IPv6.
    :kwarg headers: a dictionary.
    :kwarg body: an object to send as JSON, or None.
    :kwarg timeout: seconds for the connection and for each read.
    :returns: an :class:`Answer`; an error of the network is one of status 0.
    """
    headers = dict(headers or {})
    data = None
    if body is not None:
        data = json.dumps(body).encode("utf-8")
        headers["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection(
        host,
        port,
        timeout=timeout,
        source_address=(source, 0) if source and ":" not in host else None,
    )
    begin = time.monotonic()
    try:
        connection.request(method, path, body=data, headers=headers)
        response = connection.getresponse()
        content = response.read()
        status, found = response.status, {k.lower(): v for k, v in response.getheaders()}
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Answer(0, seconds=time.monotonic() - begin, error=reason)
    finally:
        connection.close()
    return Answer(status, content, found, time.monotonic() - begin)
