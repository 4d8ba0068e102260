"""Certificates as a browser judges them, with real ones."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    http as _http,
    https as _https,
    link as _link,
)

from tests.kit.front import Authority, Front


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("others"), "Somebody else")


@pytest.fixture(autouse=True)
def trusted(authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))


@pytest.fixture
def behind(web):
    """Put a front with a certificate before the web server; its port."""
    with contextlib.ExitStack() as fronts:

        def make(certificate):
            front = Front(web.port, certificate)
            fronts.callback(front.close)
            return front.port

        yield make


def words(port, host="localhost"):
    return _https.look(host, port, 10).words(time.time())


def test_a_good_certificate(authority, behind):
    port = behind(authority.issue("localhost", "127.0.0.1", days=90))
    assert words(port).startswith("valid for 90 days, until ")
    assert words(port, "127.0.0.1") == words(port)
    assert _https.look("localhost", port, 10).faults == ()


@pytest.mark.parametrize(("days", "soon"), [(0, True), (13, True), (14, False)])
def test_one_that_ends_soon_is_named(authority, behind, days, soon):
    said = words(behind(authority.issue("localhost", days=days)))
    assert said.startswith(f"{_https.SOON} {days} days, on " if soon else "valid for 14 days")


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        ({"days": -3, "age": 30}, ["expired 3 days ago, on "]),
        ({"age": -2}, ["is not valid before "]),
        ({"self_signed": True}, ["is self-signed"]),
        (
            {"self_signed": True, "days": -40, "age": 50},
            ["expired 40 days ago, on ", "is self-signed"],
        ),
    ],
)
def test_what_is_wrong_is_told(authority, behind, options, faults):
    found = _https.look("localhost", behind(authority.issue("localhost", **options)), 10).faults
    assert len(found) == len(faults)
    for fault, start in zip(found, faults):
        assert fault.startswith(start)


def test_a_certificate_for_others(authority, behind):
    names = ["a.example.net", "b.example.net", "192.0.2.1", "c.example.net", "d.example.net"]
    port = behind(authority.issue(*names))
    assert _https.look("localhost", port, 10).faults == (
        "is for a.example.net, b.example.net, 192.0.2.1, c.example.net and 1 more, not for"
        " localhost",
    )
    assert "not for 127.0.0.1" in words(port, "127.0.0.1")
    assert _https.look("localhost", behind(authority.issue()), 10).faults == (
        "is for front, not for localhost",
    )


def test_an_authority_that_nobody_knows(stranger, behind):
    (fault,) = _https.look("localhost", behind(stranger.issue("localhost")), 10).faults
    assert fault.startswith("is of an authority that this machine does not trust")


def test_all_that_is_wrong_at_once(stranger, behind):
    port = behind(stranger.issue("other.example.net", days=-1, age=9))
    said = words(port)
    for text in ("it expired 1 day ago", "it is for other.example.net, not for localhost"):
        assert text in said
    assert "; it is of an authority" in said


def test_one_that_nothing_would_make_good(stranger, behind, monkeypatch):
    """As one with a key that is too weak."""
    monkeypatch.setattr(_https, "_trusting", lambda certificate, by_name: _https._strict())
    found = _https.look("localhost", behind(stranger.issue("localhost")), 10)
    assert found.words(time.time()).startswith("it is refused: ")


def test_a_machine_that_trusts_nobody(authority, behind, monkeypatch, tmp_path):
    port = behind(authority.issue("localhost"))
    (tmp_path / "none.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(OSError, match="trusts no authority: install ca-certificates"):
        _https.look("localhost", port, 10)


def test_where_nobody_speaks_tls(web):
    with pytest.raises(OSError):
        _https.look("localhost", web.port, 10)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    with pytest.raises(OSError):
        _https.look("localhost", free, 10)


def test_one_limit_for_everything():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begin = time.monotonic()
        with pytest.raises(OSError):
            _https.look("127.0.0.1", silent.getsockname()[1], 0.3)
        assert time.monotonic() - begin < 5


# --- requests ---


def ask(port, tls, host="localhost"):
    return _http.request(port, "GET", "/x", host=host, tls=tls)


def test_a_request_by_tls(authority, behind, web):
    web.answers["GET", "/x"] = 200, {"a": "b" * 100000}
    port = behind(authority.issue("localhost"))
    for tls in (_https.checked, _https.unchecked):
        answer = ask(port, tls)
        assert (answer.status, len(answer.json()["a"])) == (200, 100000)


def test_nothing_is_sent_to_whoever_has_no_good_certificate(stranger, behind, web):
    port = behind(stranger.issue("localhost"))
    answer = ask(port, _https.checked)
    assert (answer.status, web.requests) == (0, [])
    assert "verify failed" in answer.error
    assert ask(port, _https.unchecked).status == 404


def test_the_usual_port_is_not_named():
    assert _http._Https.default_port == 443


def test_an_answer_has_an_end_by_tls_too(authority, behind, web, monkeypatch):
    port = behind(authority.issue("localhost"))
    web.answers["GET", "/x"] = 200, b"x" * 200000
    monkeypatch.setattr(_link.Link, "left", 100000)
    answer = ask(port, _https.unchecked)
    assert answer.status == 0 and "longer than" in answer.error


def test_a_slow_answer_ends_in_time_by_tls_too(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue("localhost"))
    stop = threading.Event()

    def drip(server):
        with context.wrap_socket(server.accept()[0], server_side=True) as link:
            link.recv(1000)
            link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            with contextlib.suppress(OSError):
                while not stop.wait(0.05):
                    link.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        begin = time.monotonic()
        answer = _http.request(
            server.getsockname()[1], "GET", "/", host="localhost", timeout=0.7, tls=_https.checked
        )
        assert (answer.status, "timed out" in answer.error) == (0, True)
        assert time.monotonic() - begin < 5
        stop.set()
        thread.join()
