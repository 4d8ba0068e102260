from __future__ import annotations

import http.server
import threading
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
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
    link = _tls.Link(_link.connect("127.0.0.1", port, 5))
    link.sendall(b"GET / HTTP/1.0\r\n\r\n")
    came = b""
    while piece := link.recv(1 << 16):
        came += piece
    link.close()
    assert came.endswith(b"x" * 200_000)


def test_who_speaks_no_tls(web):
    with pytest.raises(OSError):
        _tls.Link(_link.connect("127.0.0.1", web.port, 5))


def test_the_limit_of_the_connection_holds(port):
    begin = time.monotonic()
    link = _tls.Link(_link.connect("127.0.0.1", port, 0.5))
    with pytest.raises(OSError):
        link.recv(1)
    link.close()
    assert time.monotonic() - begin < 5
