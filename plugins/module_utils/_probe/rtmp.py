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
from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    link as _link,
    listener as _listener,
    tls as _tls,
)

MESSAGE_STREAM = 7
OUT_CHUNK = 4096
MAX_MESSAGE = 1 << 20
DEEPEST = 32
# The server sends its handshake in two parts and waits for the first to be acknowledged, which a
# system puts off for 40 ms unless told otherwise.
QUICK_ACK = getattr(socket, "TCP_QUICKACK", None)

SET_CHUNK_SIZE, PING, AMF3_COMMAND, AMF0_COMMAND = 1, 4, 17, 20

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


def encode(*values: Any) -> bytes:
    """AMF0 of numbers, booleans, texts, None and dictionaries of these."""
    out = bytearray()
    for value in values:
        if value is None:
            out += b"\x05"
        elif isinstance(value, bool):
            out += b"\x01" + (b"\x01" if value else b"\x00")
        elif isinstance(value, (int, float)):
            out += b"\x00" + struct.pack(">d", value)
        elif isinstance(value, str):
            data = value.encode("utf-8")
            if len(data) > 0xFFFF:
                out += b"\x0c" + struct.pack(">I", len(data)) + data
            else:
                out += b"\x02" + struct.pack(">H", len(data)) + data
        elif isinstance(value, dict):
            out += b"\x03"
            for name, item in value.items():
                data = name.encode("utf-8")
                out += struct.pack(">H", len(data)) + data + encode(item)
            out += b"\x00\x00\x09"
        else:
            raise TypeError(f"no AMF0 form for {type(value).__name__}")
    return bytes(out)


class _Reader:
    """AMF0 from bytes; raises ValueError on what is cut short or unknown."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = self.depth = 0

    def take(self, count):
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            raise ValueError("AMF0 data is cut short")
        self.at += count
        return piece

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def text(self, form=">H"):
        return self.take(self.number(form)).decode("utf-8", "replace")

    def members(self):
        found: dict[str, Any] = {}
        while True:
            name = self.text()
            if not name and self.data[self.at : self.at + 1] == b"\x09":
                self.at += 1
                return found
            found[name] = self.value()

    def value(self):
        if self.depth > DEEPEST:
            raise ValueError("AMF0 data is nested too deeply")
        self.depth += 1
        value = self._value()
        self.depth -= 1
        return value

    def _value(self):
        kind = self.take(1)[0]
        if kind == 0:
            return self.number(">d")
        if kind == 1:
            return self.take(1) != b"\x00"
        if kind == 2:
            return self.text()
        if kind == 3:
            return self.members()
        if kind in (5, 6):
            return None
        if kind == 8:
            self.take(4)
            return self.members()
        if kind == 10:
            return [self.value() for dummy in range(min(self.number(">I"), MAX_MESSAGE))]
        if kind == 11:
            return self.take(10)[:8]
        if kind == 12:
            return self.text(">I")
        raise ValueError(f"AMF0 type {kind} is not understood")


def decode(data: bytes) -> list[Any]:
    """The list of values in AMF0 bytes; raises ValueError."""
    reader = _Reader(data)
    values = []
    while reader.at < len(data):
        values.append(reader.value())
    return values


def pack(channel: int, kind: int, stream: int, payload: bytes, size: int = OUT_CHUNK) -> bytes:
    """A message as chunks of at most ``size`` bytes, its first with a full header."""
    out = bytearray(struct.pack(">B", channel))
    out += b"\x00\x00\x00" + struct.pack(">I", len(payload))[1:]
    out += struct.pack(">B", kind) + struct.pack("<I", stream)
    for start in range(0, max(len(payload), 1), size):
        if start:
            out += struct.pack(">B", 0xC0 | channel)
        out += payload[start : start + size]
    return bytes(out)


class _Channel:
    """What a chunk may leave out because the chunk before it on the same channel said it."""

    def __init__(self) -> None:
        self.length = self.kind = self.stream = 0
        self.extended = False
        self.payload = bytearray()


class Chunks:
    """Messages out of a chunked byte stream.

    :arg read: a function that returns exactly as many bytes as asked for, or raises.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.read = read
        self.size = 128
        self.channels: dict[int, _Channel] = {}

    def _header(self):
        first = self.read(1)[0]
        form, number = first >> 6, first & 0x3F
        if number == 0:
            number = 64 + self.read(1)[0]
        elif number == 1:
            low, high = self.read(2)
            number = 64 + low + 256 * high
        channel = self.channels.setdefault(number, _Channel())
        if form < 3:
            header = self.read((11, 7, 3)[form])
            channel.extended = header[:3] == b"\xff\xff\xff"
            channel.payload.clear()
            if form < 2:
                channel.length = int.from_bytes(header[3:6], "big")
                channel.kind = header[6]
            if form == 0:
                channel.stream = int.from_bytes(header[7:11], "little")
        if channel.extended:
            self.read(4)
        return channel

    def message(self) -> tuple[int, int, bytes]:
        """The next whole message: (kind, message stream, payload)."""
        while True:
            channel = self._header()
            if channel.length > MAX_MESSAGE:
                raise ValueError(f"a message of {channel.length} bytes")
            missing = channel.length - len(channel.payload)
            channel.payload += self.read(min(missing, self.size))
            if len(channel.payload) < channel.length:
                continue
            payload = bytes(channel.payload)
            channel.payload.clear()
            if channel.kind == SET_CHUNK_SIZE and len(payload) >= 4:
                self.size = max(1, int.from_bytes(payload[:4], "big") & 0x7FFFFFFF)
            return channel.kind, channel.stream, payload


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
        self.chunks = Chunks(self._read)
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

    def _read(self, count):
        data = bytearray()
        while len(data) < count:
            if QUICK_ACK is not None:
                self.socket.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise EOFError("the server closed the connection")
            data += piece
        return bytes(data)

    def _handshake(self):
        mine = struct.pack(">II", 0, 0) + os.urandom(1528)
        try:
            self.socket.sendall(b"\x03" + mine)
            version = self._read(1)[0]
            theirs = self._read(1536)
            self.socket.sendall(theirs)
            self._read(1536)
            chunk = struct.pack(">I", OUT_CHUNK)
            self.socket.sendall(pack(2, SET_CHUNK_SIZE, 0, chunk, 128))
        except (OSError, EOFError) as error:
            raise RtmpError("handshake", str(error)) from error
        if version != 3:
            raise RtmpError("handshake", "not an RTMP server")

    def _commands(self):
        """Every command the server sends, as a list of values; answers its pings on the way."""
        while True:
            kind, _stream, payload = self.chunks.message()
            if kind == PING and payload[:2] == b"\x00\x06":
                self.socket.sendall(pack(2, PING, 0, b"\x00\x07" + payload[2:6]))
            elif kind in (AMF0_COMMAND, AMF3_COMMAND):
                command = decode(payload[1:] if kind == AMF3_COMMAND else payload)
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
            self.socket.sendall(pack(3, AMF0_COMMAND, 0, encode("connect", 1, about)))
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
        publish = encode("publish", 2, None, stream, "live")
        create = encode("createStream", 3, None)
        try:
            self.socket.sendall(
                pack(8, AMF0_COMMAND, MESSAGE_STREAM, publish)
                + pack(8, AMF0_COMMAND, MESSAGE_STREAM, create)
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
            self.socket.sendall(pack(3, AMF0_COMMAND, 0, encode("createStream", 2, None)))
            commands = self._commands()
            number = next(int(c[3]) for c in commands if c[0] == "_result" and c[1] == 2)
            play = encode("play", 3, None, stream, ANY_KIND)
            self.socket.sendall(pack(8, AMF0_COMMAND, number, play))
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
