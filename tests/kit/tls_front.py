"""A port on loopback that speaks TLS, with a certificate of its own making, before another one."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import ssl
import threading
from pathlib import Path

from tests.kit.authority import Authority


class TlsFront:
    """Listens, and passes on what comes."""

    def __init__(self, folder: Path, port: int):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(Authority(folder).issue("localhost"))

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError), ssl_of(self.request) as link:
                    pass_on(link, port)

        def ssl_of(link):
            link.settimeout(10)
            return context.wrap_socket(link, server_side=True)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def pass_on(link, port):
    """What comes on a link to a port, and back, until one of them has enough."""
    with socket.create_connection(("127.0.0.1", port), 10) as other:
        while True:
            ready = [link] if link.pending() else select.select([link, other], [], [], 10)[0]
            for one in ready:
                data = one.recv(65536)
                if not data:
                    return
                (other if one is link else link).sendall(data)
