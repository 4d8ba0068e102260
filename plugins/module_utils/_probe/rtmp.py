# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ask an RTMP server whether it would let somebody publish, without publishing anything.

A ``publish`` command is sent on a message stream that was never opened, followed by a
``createStream`` on the same one. The server decides about the publisher first: it answers a
refusal with ``onStatus``. Somebody it would let in has no open stream, so nothing starts, no
status is sent, and the answer to ``createStream`` is the next thing that comes. No broadcast is
recorded and no hook is called, save that of ``webhookAuthenticateURL``, which is part of the check.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import socket
import struct

from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
    link as _link,
    listener as _listener,
    tls as _tls,
)

MESSAGE_STREAM = 7
AT_ONCE = 4096
MAX_MESSAGE = 1 << 20
MOST_CHANNELS = 1 << 10
# The server sends its handshake in two parts and waits for the first to be acknowledged, which a
# system puts off for 40 ms unless told otherwise.
QUICK_ACK = getattr(socket, "TCP_QUICKACK", None)

# What the server says when the machine, not the policy, is the reason.
BUSY = "current system resources not enough"
# What it says to everybody where its switch for RTMP play is off.
CLOSED = "RTMP playback is disabled"
# To play whatever there is, live or recorded.
ANY_KIND = -2000.0


class RtmpError(OSError):
    """The talk broke off; ``stage`` says where: connect, handshake, application, publish."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(f"{stage}: {reason}")
        self.stage = stage
        self.reason = reason


class Rejected(RtmpError):
    """The server speaks RTMP and answered that it does not serve this application (now)."""


class Session:
    """One RTMP connection; a context manager.

    :arg address: (host, port).
    :kwarg source: address to connect from, as text; None leaves it to the system.
    :kwarg timeout: seconds for the whole conversation.
    :kwarg peer: who has to be there; None for anybody.
    :kwarg tls: whether to speak TLS, whoever's certificate it shows.
    :raises RtmpError: no connection, or no handshake.
    """

    def __init__(
        self,
        address: tuple[str, int],
        source: str | None = None,
        timeout: float = 5.0,
        peer: _listener.Listener | None = None,
        tls: bool = False,
    ) -> None:
        self.host, self.port = address
        try:
            link = _link.connect(*address, seconds=timeout, source=source, peer=peer)
            self.socket = _tls.unchecked(link) if tls else link
        except (OSError, OverflowError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise RtmpError("connect", reason) from error
        self._chunks = _chunks.Reader(MAX_MESSAGE, MOST_CHANNELS)
        try:
            self._handshake()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *dummy: object) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def _some(self, count):
        if QUICK_ACK is not None:
            self.socket.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)
        piece = self.socket.recv(count)
        if not piece:
            raise EOFError("the server closed the connection")
        return piece

    def _read(self, count):
        data = bytearray()
        while len(data) < count:
            data += self._some(count - len(data))
        return bytes(data)

    def _message(self):
        while True:
            message = self._chunks.message()
            if message is not None:
                return message
            self._chunks.feed(self._some(AT_ONCE))

    def _handshake(self):
        mine = struct.pack(">II", 0, 0) + os.urandom(1528)
        try:
            self.socket.sendall(b"\x03" + mine)
            version = self._read(1)[0]
            theirs = self._read(1536)
            self.socket.sendall(theirs)
            self._read(1536)
            chunk = struct.pack(">I", _chunks.USUAL_SIZE)
            self.socket.sendall(_chunks.pack(2, _chunks.SET_CHUNK_SIZE, 0, chunk))
        except (OSError, EOFError) as error:
            raise RtmpError("handshake", str(error)) from error
        if version != 3:
            raise RtmpError("handshake", "not an RTMP server")

    def _commands(self):
        """Every command the server sends, as a list of values; answers its pings on the way."""
        while True:
            kind, _stream, _time, payload = self._message()
            if kind == _chunks.CONTROL and payload[:2] == b"\x00\x06":
                pong = b"\x00\x07" + payload[2:6]
                self.socket.sendall(_chunks.pack(2, _chunks.CONTROL, 0, pong))
            elif kind in (_chunks.COMMAND, _chunks.COMMAND3):
                payload = payload[1:] if kind == _chunks.COMMAND3 else payload
                command = _amf0.decode(payload, "replace")
                if len(command) > 1:
                    yield command

    def connect(self, app: str) -> None:
        """Enter an application.

        :raises Rejected: the server does not serve it, or not now.
        :raises RtmpError: no answer.
        """
        url = f"rtmp://{self.host}:{self.port}/{app}"
        about = {"app": app, "flashVer": "FMLE/3.0", "tcUrl": url, "type": "nonprivate"}
        try:
            connect = _amf0.encode("connect", 1, about)
            self.socket.sendall(_chunks.pack(3, _chunks.COMMAND, 0, connect))
            for command in self._commands():
                if command[0] in ("_result", "_error") and command[1] == 1:
                    status = command[3] if len(command) > 3 else None
                    if _code(status) == "NetConnection.Connect.Success":
                        return
                    raise Rejected("application", _describe(status))
        except RtmpError:
            raise
        except (EOFError, ConnectionError) as error:
            raise Rejected("application", "the server closed the connection") from error
        except (OSError, ValueError) as error:
            raise RtmpError("application", str(error)) from error

    def may_publish(self, stream: str) -> tuple[str, str]:
        """Whether the server would let this connection publish.

        :arg stream: the stream's name with its query, such as ``x1?token=...``.
        :returns: (verdict, answer): ``accepted``, ``refused`` (by its security), ``closed`` (hung
            up without a word, as it does for a stream it does not know), ``busy`` (ask again), or
            ``other``; and the server's words.
        :raises RtmpError: no answer in time.
        """
        publish = _amf0.encode("publish", 2, None, stream, "live")
        create = _amf0.encode("createStream", 3, None)
        try:
            self.socket.sendall(
                _chunks.pack(8, _chunks.COMMAND, MESSAGE_STREAM, publish)
                + _chunks.pack(8, _chunks.COMMAND, MESSAGE_STREAM, create)
            )
            for command in self._commands():
                if command[0] == "_result" and command[1] == 3:
                    return "accepted", "no refusal before the next answer"
                if command[0] == "onStatus":
                    return _judge(command[3] if len(command) > 3 else None)
        except (EOFError, ConnectionError):
            return "closed", "the server closed the connection"
        except (OSError, ValueError) as error:
            raise RtmpError("publish", str(error)) from error
        raise RtmpError("publish", "no answer")

    def may_play(self, stream: str) -> tuple[str, str]:
        """Whether the server would let this connection play.

        Of a stream that nobody publishes nothing comes, and the connection ends before it could.

        :arg stream: the stream's name with its query.
        :returns: as :meth:`may_publish`, without ``closed``.
        :raises RtmpError: no answer in time.
        """
        try:
            create = _amf0.encode("createStream", 2, None)
            self.socket.sendall(_chunks.pack(3, _chunks.COMMAND, 0, create))
            commands = self._commands()
            number = next(int(c[3]) for c in commands if c[0] == "_result" and c[1] == 2)
            play = _amf0.encode("play", 3, None, stream, ANY_KIND)
            self.socket.sendall(_chunks.pack(8, _chunks.COMMAND, number, play))
            for command in commands:
                if command[0] == "onStatus":
                    return _judge_player(command[3] if len(command) > 3 else None)
        except (OSError, EOFError, ValueError, TypeError, IndexError, StopIteration) as error:
            raise RtmpError("play", str(error) or "no answer") from error
        raise RtmpError("play", "no answer")


def _judge_player(status):
    answer = _describe(status)
    code = _code(status) or ""
    if code.startswith("NetStream.Play.") and code != "NetStream.Play.Failed":
        return "accepted", answer
    if code == "NetStream.Publish.BadName" or CLOSED in answer:
        return "refused", answer
    return ("busy" if BUSY in answer else "other"), answer


def _code(status):
    return status.get("code") if isinstance(status, dict) else None


def _describe(status):
    if not isinstance(status, dict):
        return "no reason given"
    parts = (status.get("code"), status.get("description"))
    return ": ".join(str(part) for part in parts if part)


def _judge(status):
    answer = _describe(status)
    code = _code(status)
    if code == "NetStream.Publish.BadName":
        return "refused", answer
    if code == "NetStream.Publish.Start":
        return "accepted", answer
    if BUSY in answer:
        return "busy", answer
    return "other", answer
