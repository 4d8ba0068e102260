from __future__ import annotations

import contextlib
import http.server
import socket
import ssl
import threading

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    http as _http,
    link as _link,
    tls as _tls,
)

from tests.kit.tls_front import TlsFront


@pytest.fixture
def port(tmp_path):
    """A web server behind TLS."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 200_000)

        def log_message(self, *_ignored):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    front = TlsFront(tmp_path, server.server_port)
    yield front.port
    front.close()
    server.shutdown()
    server.server_close()
    thread.join()


def test_there_and_back(port):
    link = _tls.unchecked(_link.connect("127.0.0.1", port, 5))
    link.sendall(b"GET / HTTP/1.0\r\n\r\n")
    came = b""
    while piece := link.recv(1 << 16):
        came += piece
    link.close()
    assert came.endswith(b"x" * 200_000)


def test_who_speaks_no_tls(web):
    with pytest.raises(OSError):
        _tls.unchecked(_link.connect("127.0.0.1", web.port, 5))


def test_the_limit_of_the_connection_holds(port):
    link = _tls.unchecked(_link.connect("127.0.0.1", port, 0.5))
    with pytest.raises(OSError, match="timed out"):
        link.recv(1)
    link.close()


# --- requests ---


def ask(port, tls, host="localhost"):
    return _http.request(port, "GET", "/x", host=host, tls=tls)


def test_a_request_by_tls(authority, behind, web):
    web.answers["GET", "/x"] = 200, {"a": "b" * 100000}
    port = behind(authority.issue("localhost"))
    for tls in (_tls.checked, _tls.unchecked):
        answer = ask(port, tls)
        assert (answer.status, len(answer.json()["a"])) == (200, 100000)


def test_nothing_is_sent_to_whoever_has_no_good_certificate(stranger, behind, web):
    port = behind(stranger.issue("localhost"))
    answer = ask(port, _tls.checked)
    assert (answer.status, web.requests) == (0, [])
    assert "verify failed" in answer.error
    assert ask(port, _tls.unchecked).status == 404


def test_the_usual_port_is_not_named():
    assert _http._Https.default_port == 443


def test_an_answer_has_an_end_by_tls_too(authority, behind, web, monkeypatch):
    port = behind(authority.issue("localhost"))
    web.answers["GET", "/x"] = 200, b"x" * 200000
    monkeypatch.setattr(_link.Link, "left", 100000)
    answer = ask(port, _tls.unchecked)
    assert answer.status == 0 and "longer than" in answer.error


def test_a_slow_answer_ends_in_time_by_tls_too(authority, trusted):
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
        answer = _http.request(
            server.getsockname()[1], "GET", "/", host="localhost", timeout=0.7, tls=_tls.checked
        )
        assert (answer.status, "timed out" in answer.error) == (0, True)
        stop.set()
        thread.join()
