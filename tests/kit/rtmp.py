"""An RTMP server on loopback that answers as it is told."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import struct
import threading

from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
)

SUCCESS = {"code": "NetConnection.Connect.Success", "description": "Connection succeeded."}


def messages(link):
    """The messages that come over a link, until its other end hangs up."""
    reader = _chunks.Reader(1 << 24, 1 << 16)
    while True:
        message = reader.message()
        if message is None:
            data = link.recv(65536)
            if not data:
                return
            reader.feed(data)
        else:
            yield message


class Rtmp:
    """Speaks enough RTMP to let in and to refuse.

    apps: names served. publish: a function of the application, the stream with its query, and the
    peer's address, that returns ``accepted``, ``refused``, ``closed``, ``silent`` or a status.
    play: the same of a player. asked, played: what was asked. media: kinds, streams and payloads of
    what was published.
    """

    def __init__(self):
        self.apps = {"LiveApp", "events"}
        self.publish = lambda app, stream, peer: "accepted"
        self.play = lambda app, stream, peer: "accepted"
        self.asked, self.played, self.media = [], [], []
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
        app, verdict = "", "accepted"
        for kind, stream, _time, payload in messages(link):
            if kind in (_chunks.AUDIO, _chunks.VIDEO, _chunks.DATA):
                self.media.append((kind, stream, payload))
            if kind != _chunks.COMMAND:
                continue
            name, number, *rest = _amf0.decode(payload)
            if name == "connect":
                app = rest[0]["app"]
                # What real servers send first, and an answer in small chunks.
                ping = _chunks.pack(2, _chunks.CONTROL, 0, struct.pack(">HI", 6, 1))
                status = (
                    SUCCESS if app in self.apps else {"code": "NetConnection.Connect.InvalidApp"}
                )
                answer = _amf0.encode("_result", number, None, status)
                link.sendall(ping + _chunks.pack(3, 20, 0, answer, 128))
            elif name == "publish":
                self.asked.append((app, rest[1], peer, stream))
                verdict = self.publish(app, rest[1], peer)
                if verdict == "closed":
                    link.shutdown(socket.SHUT_RDWR)
                    return
                if verdict == "refused":
                    verdict = {"code": "NetStream.Publish.BadName", "description": "not allowed"}
                if isinstance(verdict, dict):
                    answer = _amf0.encode("onStatus", 0, None, verdict)
                    link.sendall(_chunks.pack(8, 20, stream, answer, 128))
            elif name == "play":
                self.played.append((app, rest[1], peer, stream))
                verdict = self.play(app, rest[1], peer)
                code = {"accepted": "NetStream.Play.Reset", "refused": "NetStream.Publish.BadName"}
                if not isinstance(verdict, dict):
                    verdict = {"code": code[verdict], "description": "of " + rest[1]}
                answer = _amf0.encode("onStatus", 0, None, verdict)
                link.sendall(_chunks.pack(8, 20, stream, answer, 128))
            elif name == "createStream" and verdict == "accepted":
                answer = _amf0.encode("_result", number, None, 1)
                link.sendall(_chunks.pack(3, 20, 0, answer, 128))

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
