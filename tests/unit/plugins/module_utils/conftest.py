"""An RTMP server on loopback that answers as it is told, and processes that look like a server."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import rtmp as _rtmp

SUCCESS = {"code": "NetConnection.Connect.Success", "description": "Connection succeeded."}


class Rtmp:
    """Speaks enough RTMP to let in and to refuse.

    apps: names served. publish: a function of the application, the stream with its query, and the
    peer's address, that returns ``accepted``, ``refused``, ``closed``, ``silent`` or a status.
    """

    def __init__(self):
        self.apps = {"LiveApp", "events"}
        self.publish = lambda app, stream, peer: "accepted"
        self.asked = []
        rtmp = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError, EOFError):
                    rtmp._talk(self.request, self.client_address[0])

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def _talk(self, link, peer):
        def read(count):
            data = b""
            while len(data) < count:
                piece = link.recv(count - len(data))
                if not piece:
                    raise EOFError
                data += piece
            return data

        hello = read(1537)
        link.sendall(b"\x03" + os.urandom(1536) + hello[1:])
        read(1536)
        chunks = _rtmp.Chunks(read)
        app, verdict = "", "accepted"
        while True:
            kind, stream, payload = chunks.message()
            if kind != _rtmp.AMF0_COMMAND:
                continue
            name, number, *rest = _rtmp.decode(payload)
            if name == "connect":
                app = rest[0]["app"]
                # What real servers send first, and an answer in small chunks.
                ping = _rtmp.pack(2, _rtmp.PING, 0, struct.pack(">HI", 6, 1))
                status = (
                    SUCCESS if app in self.apps else {"code": "NetConnection.Connect.InvalidApp"}
                )
                answer = _rtmp.encode("_result", number, None, status)
                link.sendall(ping + _rtmp.pack(3, 20, 0, answer, 128))
            elif name == "publish":
                self.asked.append((app, rest[1], peer, stream))
                verdict = self.publish(app, rest[1], peer)
                if verdict == "closed":
                    link.shutdown(socket.SHUT_RDWR)
                    return
                if verdict == "refused":
                    verdict = {"code": "NetStream.Publish.BadName", "description": "not allowed"}
                if isinstance(verdict, dict):
                    answer = _rtmp.encode("onStatus", 0, None, verdict)
                    link.sendall(_rtmp.pack(8, 20, stream, answer, 128))
            elif name == "createStream" and verdict == "accepted":
                answer = _rtmp.encode("_result", number, None, 1)
                link.sendall(_rtmp.pack(3, 20, 0, answer, 128))

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def rtmp():
    with contextlib.closing(Rtmp()) as server:
        yield server


# Looks to others like the server of a home, and answers like one of which nobody is admin yet.
SERVER = """
# All that is ever imported: the account need not be able to read it.
import email.generator, email.parser, encodings.idna, http.server, json, os, sys, traceback
port, uid = map(int, sys.argv[1:3])
if uid:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)

class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        heard = [self.command, self.path, str(self.headers), self.rfile.read(size).decode()]
        print(json.dumps(heard), flush=True)
        body = json.dumps({"success": True, "status": "ok", "versionName": "x"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_ignored):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


class Seeming:
    """A process with the command line of the server of a home; `heard` is what it was sent."""

    def __init__(self, home, heard, port=0, uid=0):
        self.path = heard
        with open(heard, "wb") as stream:
            code = [sys.executable, "-c", SERVER, str(port), str(uid)]
            seems = [f"-Dcatalina.home={home}", "org.red5.server.Bootstrap", "9999"]
            self.process = subprocess.Popen([*code, *seems], stdout=stream, cwd="/")
        deadline = time.monotonic() + 20
        while not heard.read_text().endswith("\n"):
            assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self.pid = self.process.pid
        self.port = int(heard.read_text())

    @property
    def heard(self):
        return self.path.read_text().splitlines()[1:]

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def seeming(home, tmp_path):
    """Start such a process: `seeming(uid=12345)`; the test's own account is the server's."""
    made = []

    def start(port=0, uid=0):
        if uid and os.geteuid():
            pytest.skip("only root can be another account")
        made.append(Seeming(home, tmp_path / f"heard{len(made)}", port, uid))
        return made[-1]

    yield start
    for one in made:
        one.stop()
