"""A web server in front of another one, by TLS.

    python -m tests.kit.front ADDRESS PORT CERTIFICATE BEHIND

is one at an address and a port before the port BEHIND of the loopback, until its input ends.
"""

from __future__ import annotations

import http.client
import http.server
import ssl
import sys
import threading
from pathlib import Path


class Front:
    """A web server that passes requests on to a port of the loopback.

    port: its own. seen: what it passed on. sees: who it takes all callers for, None for who they
    are. adds: whether it adds them to X-Forwarded-For, else it passes that on as it came. closed:
    beginnings of paths that it answers itself, by status.
    """

    def __init__(self, port: int, certificate: Path | None = None, place=("127.0.0.1", 0)):
        self.seen, self.sees, self.adds, self.closed = [], None, True, {}
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                for start, status in front.closed.items():
                    if self.path.startswith(start):
                        return self._say(status, b"no such thing here")
                headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
                if front.adds:
                    said = headers.get("X-Forwarded-For")
                    who = front.sees or self.client_address[0]
                    headers["X-Forwarded-For"] = f"{said}, {who}" if said else who
                front.seen.append((self.headers.get("Host"), self.path, headers))
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
                link.request("GET", self.path, headers=headers)
                answer = link.getresponse()
                self._say(answer.status, answer.read())
                link.close()

            def _say(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_ignored):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_ignored):  # callers that do not like the certificate
                pass

            def finish_request(self, request, client_address):
                if certificate:
                    request = self.context.wrap_socket(request, server_side=True)
                super().finish_request(request, client_address)

        self._server = Server(place, Handler)
        if certificate:
            self._server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._server.context.load_cert_chain(certificate)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def main() -> None:
    address, port, certificate, behind = sys.argv[1:]
    front = Front(int(behind), Path(certificate), (address, int(port)))
    print(flush=True)
    sys.stdin.read()
    front.close()


if __name__ == "__main__":
    main()
