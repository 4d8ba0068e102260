from __future__ import annotations

import io
import json
import socket
import threading

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    websocket as _websocket,
)
from hypothesis import given, strategies as st


def reader(data):
    return io.BytesIO(data).read


@given(st.sampled_from([1, 2, 8, 9, 10]), st.binary(max_size=70_000))
def test_frames_there_and_back(kind, data):
    assert _websocket.read_frame(reader(_websocket.frame(kind, data))) == (kind, data)


def test_frames_beyond_reason():
    with pytest.raises(_websocket.WebSocketError):
        _websocket.read_frame(reader(b"\x81\x7f" + b"\xff" * 8))


class Server:
    """Takes one connection, and sends what it is told."""

    def __init__(self, status, *frames):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = self.socket.getsockname()
        self.frames, self.status, self.got = frames, status, None
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self):
        link, self.peer = self.socket.accept()
        with link:
            stream = link.makefile("rb")
            self.request = b"".join(iter(stream.readline, b"\r\n"))
            link.sendall(b"HTTP/1.1 " + self.status + b"\r\nX: y\r\n\r\n")
            if b"101" in self.status:
                self.got = json.loads(_websocket.read_frame(stream.read)[1])
                link.sendall(b"".join(self.frames))
        self.socket.close()


def text(message):
    data = json.dumps(message).encode()
    return bytes((0x81, len(data))) + data


def test_the_first_object_counts():
    server = Server(b"101 Switching", b"\x89\x00", text([1]), text({"command": "error"}))
    answer = _websocket.ask(server.address, "/LiveApp/websocket", {"a": 1}, "127.0.0.9")
    server.thread.join()
    assert answer == {"command": "error"}
    assert server.got == {"a": 1}
    assert server.request.startswith(b"GET /LiveApp/websocket HTTP/1.1")
    assert server.peer[0] == "127.0.0.9"


@pytest.mark.parametrize(
    ("status", "frames"),
    [(b"403 Forbidden", []), (b"101 x", [b"\x88\x00"]), (b"101 x", []), (b"101 x", [b"\x81\x01{"])],
)
def test_nothing_usable(status, frames):
    server = Server(status, *frames)
    with pytest.raises(_websocket.WebSocketError):
        _websocket.ask(server.address, "/x", {}, timeout=2)
    server.thread.join()


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(_websocket.WebSocketError):
            _websocket.ask(free.getsockname(), "/x", {}, timeout=1)
