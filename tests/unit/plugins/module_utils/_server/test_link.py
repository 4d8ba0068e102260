from __future__ import annotations

import socket
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import link as _link


@pytest.fixture
def far():
    """A port, and the other end of the next connection to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def port(far):
    return far.getsockname()[1]


def test_one_limit_for_everything(far):
    begin = time.monotonic()
    with _link.connect("127.0.0.1", port(far), 0.4) as link, far.accept()[0] as other:
        with pytest.raises(socket.timeout, match="timed out"):
            while True:
                other.sendall(b"x")
                link.recv(1)
                time.sleep(0.05)
        with pytest.raises(socket.timeout, match="timed out"):
            link.sendall(b"x")
        with pytest.raises(socket.timeout, match="timed out"):
            link.recv_into(bytearray(1))
    assert 0.3 < time.monotonic() - begin < 3


def test_no_time_at_all(far):
    with pytest.raises(socket.timeout, match="timed out"):
        _link.connect("127.0.0.1", port(far), 0)


def test_so_much_and_no_more(far, monkeypatch):
    monkeypatch.setattr(_link.Link, "left", 5)
    with _link.connect("127.0.0.1", port(far), 5) as link, far.accept()[0] as other:
        other.sendall(b"123456")
        assert link.recv(5) == b"12345"
        with pytest.raises(OSError, match="longer than"):
            link.recv(5)


def test_a_name_of_which_one_address_does_not_answer(far, monkeypatch):
    with socket.create_server(("127.0.0.2", 0)) as taken:
        dead = taken.getsockname()
    places = [dead, far.getsockname()]
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_ignored, **_options: [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places
        ],
    )
    with _link.connect("two.example", 1, 5) as link:
        assert link.getpeername() == far.getsockname()
    places.clear()
    with pytest.raises(OSError, match="has no address"):
        _link.connect("two.example", 1, 5)


def test_somebody_else_is_sent_nothing(far):
    class Nobody:
        def look(self, number):
            assert number == port(far)
            return "before"

        def prove(self, link, before):
            assert before == "before"
            raise OSError("not you")

    with pytest.raises(OSError, match="not you"):
        _link.connect("127.0.0.1", port(far), 5, peer=Nobody())
    with far.accept()[0] as other:
        assert other.recv(100) == b""
