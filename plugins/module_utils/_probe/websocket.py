# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One message to a WebSocket of the server, and the first one it sends back.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import json
import os
import struct
from typing import Any, Callable, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    link as _link,
    listener as _listener,
)

MAX_FRAME = 1 << 20
MAX_BODY = 4096
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class WebSocketError(OSError):
    """No connection, no WebSocket, or no answer."""


class NoWebSocket(WebSocketError):
    """An answer of HTTP in place of a WebSocket. body: as much of it as came."""

    def __init__(self, status: str, body: bytes) -> None:
        super().__init__("no WebSocket: " + status)
        self.body = body


def frame(kind: int, data: bytes) -> bytes:
    """A frame as a client sends it, masked."""
    mask = os.urandom(4)
    size = len(data)
    head = struct.pack(">B", 0x80 | kind)
    if size < 126:
        head += struct.pack(">B", 0x80 | size)
    elif size < 1 << 16:
        head += struct.pack(">BH", 0x80 | 126, size)
    else:
        head += struct.pack(">BQ", 0x80 | 127, size)
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))


def read_frame(read: Callable[[int], bytes]) -> tuple[int, bytes]:
    """The next frame: (kind, data).

    :arg read: a function that returns exactly as many bytes as asked for, or raises.
    """
    first, second = read(2)
    size = second & 0x7F
    if size == 126:
        size = struct.unpack(">H", read(2))[0]
    elif size == 127:
        size = struct.unpack(">Q", read(8))[0]
    if size > MAX_FRAME:
        raise WebSocketError(f"a frame of {size} bytes")
    mask = read(4) if second & 0x80 else b""
    data = read(size)
    if mask:
        data = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
    return first & 0x0F, data


def ask(
    address: tuple[str, int],
    path: str,
    message: Mapping[str, Any],
    source: str | None = None,
    timeout: float = 5.0,
    peer: _listener.Listener | None = None,
) -> dict[str, Any]:
    """Send a message and return the first JSON object that comes back.

    :arg address: (host, port).
    :arg message: an object to send as JSON.
    :kwarg timeout: seconds for all of it.
    :kwarg peer: who has to be there; None for anybody.
    :raises WebSocketError: with the reason.
    """
    try:
        link = _link.connect(*address, seconds=timeout, source=source, peer=peer)
    except (OSError, OverflowError, ValueError) as error:
        raise WebSocketError(getattr(error, "strerror", None) or str(error)) from error

    def read(count):
        data = bytearray()
        while len(data) < count:
            piece = link.recv(count - len(data))
            if not piece:
                raise WebSocketError("the server closed the connection")
            data += piece
        return bytes(data)

    with link:
        try:
            _open(link, read, address, path)
            link.sendall(frame(TEXT, json.dumps(message).encode("utf-8")))
            while True:
                kind, data = read_frame(read)
                if kind == PING:
                    link.sendall(frame(PONG, data))
                elif kind == CLOSE:
                    raise WebSocketError("the server closed the connection")
                elif kind == TEXT:
                    content = _json.parse(data.decode("utf-8"))
                    if isinstance(content, dict):
                        return content
        except WebSocketError:
            raise
        except (OSError, ValueError) as error:
            raise WebSocketError(str(error)) from error


def _open(link, read, address, path):
    if not path.isprintable() or " " in path:
        raise WebSocketError(f"no path: {path!r}")
    key = base64.b64encode(os.urandom(16)).decode("ascii")
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    )
    link.sendall(request.encode("ascii"))
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += read(1)
        if len(answer) > 16384:
            raise WebSocketError("no end of the answer's headers")
    status = answer.split(b"\r\n", 1)[0].decode("latin-1")
    if " 101" not in status:
        raise NoWebSocket(status, _some(link))


def _some(link):
    """The beginning of a body; nothing where it does not come."""
    try:
        return link.recv(MAX_BODY)
    except OSError:
        return b""
