# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One RTMP connection through the gate, as a state machine that reads and writes no socket.

The gate answers everything itself until somebody asks to publish or to play. Only if that is
allowed the server hears of it, by messages that are all written here. Commands are on a list, each
in its place; whatever else comes ends the connection.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import Any, Callable, Protocol

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.doors import PLAY, PUBLISH
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    decide as _decide,
    rtmp_names as _names,
    rtmp_server as _server,
    rtmp_words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
)

HELLO_BYTES = 1536
_U32 = struct.Struct(">I")
_EVENT = struct.Struct(">HI")

# How far somebody has come. Each has its time, and less than the last may be waited for.
GREETING, CONNECTING, ASKING, WAITING, ON_AIR, ENDED = PHASES = (
    "greeting",
    "connecting",
    "asking",
    "waiting",
    "on air",
    "ended",
)


_REFUSED = "refused"
# Ends that the client was told of.
SPOKEN = frozenset((_REFUSED, _server.HUNG_UP, _server.NOT_TAKEN))


@dataclass(frozen=True)
class Limits:
    """What one connection may take.

    early: bytes until something is allowed, and early_message of one message until then. message:
    bytes of messages that are there in part. The server takes none that is longer.
    """

    early: int = 64 << 10
    early_message: int = 16 << 10
    message: int = 3 << 20
    data: int = 64 << 10
    channels: int = 32
    streams: int = 8
    refusals: int = 4
    least_chunk: int = 128


_LIMITS = Limits()


class Rules(Protocol):
    """Who decides."""

    def decide(self, ask: _decide.Ask) -> _decide.Verdict:
        """Whether what somebody asks for is allowed."""

    def enters(self, app: str, address: str) -> _decide.Verdict:
        """Whether somebody may connect to an application at all."""

    def refuse(self, ask: _decide.Ask, reason: str) -> _decide.Verdict:
        """Take note that something cannot be asked for."""


@dataclass
class _Stream:
    """A message stream that the client has. doing: publish, play or nothing, and of what."""

    doing: str = ""
    name: str = ""


class Session:
    """A connection of a client at ``address``.

    :ivar to_client: pieces to send, in order; the caller takes them away. to_server: likewise.
    :ivar server: what is said with the server; None until something was allowed.
    :ivar phase: how far it has come.
    :ivar why: why it ended, in words of a fixed set.
    """

    def __init__(self, address: str, rules: Rules, limits: Limits = _LIMITS) -> None:
        self.address, self._rules, self.limits = address, rules, limits
        self.phase = GREETING
        self.why = ""
        self.app = ""
        self.to_client: list[Any] = []
        self.to_server: list[Any] = []
        self.server: _server.Server | None = None
        self._before = ""
        self._barred = ""
        self._refusals = 0
        self._hello = bytearray()
        self._greeted = False
        self._reader = _chunks.Reader(limits.early_message, limits.channels, limits.least_chunk)
        self._streams: dict[int, _Stream] = {}
        self._made = 0
        # By the client's message stream: the server's, and the channel of each kind of message.
        self._on_air: dict[int, tuple[int, dict[int, int]]] = {}
        self._window, self._acknowledged = _words.WINDOW, 0

    # -- what the caller brings --

    def from_client(self, data: bytes | memoryview) -> None:
        """Bytes of the client."""
        if self.phase == ENDED:
            return
        try:
            if self.phase == GREETING:
                data = self._greet(data)
            self._reader.feed(data)
            self._read()
        except ValueError as fault:
            self.end(_reason(fault))

    def from_server(self, data: bytes | memoryview) -> None:
        """Bytes of the server."""
        if self.phase == ENDED or self.server is None:
            return
        try:
            self.server.receive(data)
            if self.server.ready and self.phase == WAITING:
                self.phase = ON_AIR
                self._read()
        except ValueError as fault:
            self.end(_reason(fault))
        self._failed()

    def server_lost(self) -> None:
        """The server hung up, or never answered."""
        if self.server is not None and self.phase != ENDED:
            self.server.failure = self.server.failure or _server.HUNG_UP
            self._failed()

    @property
    def reads(self) -> bool:
        """Whether bytes of the client are wanted now."""
        return self.phase not in (WAITING, ENDED)

    @property
    def publishes(self) -> bool:
        """Whether what a stream is made of goes on to the server."""
        return bool(self._on_air)

    @property
    def held(self) -> int:
        """Bytes that are kept."""
        server = self.server.held if self.server is not None else 0
        return self._reader.held + len(self._hello) + server

    def end(self, why: str) -> None:
        """Nothing more is read or said."""
        if self.phase != ENDED:
            self.phase, self.why = ENDED, why

    def allowed(self) -> list[_decide.Ask]:
        """What was allowed and goes on, without its tokens."""
        return [self._ask(each.doing, each.name) for each in self._streams.values() if each.doing]

    # -- the client --

    def _greet(self, data: bytes | memoryview) -> bytes:
        """The handshake; what comes behind it."""
        self._hello += data
        if not self._hello.startswith(b"\x03"):
            raise _chunks.Broken("no RTMP")
        if not self._greeted and len(self._hello) > HELLO_BYTES:
            theirs = bytes(self._hello[1 : 1 + HELLO_BYTES])
            self.to_client += (b"\x03" + bytes(8) + os.urandom(HELLO_BYTES - 8), theirs)
            self._greeted = True
        if len(self._hello) <= 2 * HELLO_BYTES:
            return b""
        rest = bytes(self._hello[1 + 2 * HELLO_BYTES :])
        self._hello.clear()
        self.phase = CONNECTING
        return rest

    def _read(self) -> None:
        while self.phase not in (WAITING, ENDED, GREETING):
            message = self._reader.message()
            if message is None:
                break
            take = _TAKERS.get(message.kind)
            if take is None:
                raise _chunks.Broken("a kind of message that is not on the list")
            take(self, message)
        received = self._reader.received
        if self.phase in (CONNECTING, ASKING) and received > self.limits.early:
            raise _chunks.Broken("too much before anything was allowed")
        if received - self._acknowledged >= self._window // 2:
            self._acknowledged = received
            self.to_client += _words.acknowledgement(received)

    def _media(self, message: _chunks.Message) -> None:
        found = self._on_air.get(message.stream)
        if found is None:
            self._off_air()
            return
        kind, _stream, time, payload = message
        number, lanes = found
        lane = lanes[kind]
        self.to_server += _chunks.pieces(lane, kind, number, payload, _server.CHUNK_SIZE, time)

    def _off_air(self) -> None:
        """What is sent on after a stream's end goes nowhere."""
        if self.server is None:
            raise _chunks.Broken("media before anything was allowed")

    def _aggregate(self, message: _chunks.Message) -> None:
        """Several in one: each goes on by itself."""
        payload, at, shift = message.payload, 0, None
        while at < len(payload):
            if at + 11 > len(payload):
                raise _chunks.Broken("a cut aggregate")
            kind = payload[at]
            length, time = (int.from_bytes(payload[at + n : at + n + 3], "big") for n in (1, 4))
            time |= payload[at + 7] << 24
            start, at = at + 11, at + 11 + length + 4
            if at > len(payload):
                raise _chunks.Broken("a cut aggregate")
            shift = message.time - time if shift is None else shift
            if kind not in (_chunks.AUDIO, _chunks.VIDEO, _chunks.DATA):
                raise _chunks.Broken("a kind of message that is not on the list")
            part = payload[start : start + length]
            when = (time + shift) & _chunks.CLOCK
            _TAKERS[kind](self, _chunks.Message(kind, message.stream, when, part))

    def _data(self, message: _chunks.Message) -> None:
        """What describes a stream: only if it is understood, and is of a known name."""
        payload = message.payload
        if message.kind == _chunks.DATA3:
            payload = payload[1:] if payload[:1] == b"\x00" else b""
        if message.stream not in self._on_air or len(payload) > self.limits.data:
            self._off_air()
            return
        try:
            names = _amf0.decode(payload)[:2]
        except ValueError:
            return
        if names and names[0] in _words.FRAMES:
            names = names[1:]
        if names and names[0] in _words.DESCRIPTIONS:
            self._media(message._replace(kind=_chunks.DATA, payload=payload))

    def _control(self, message: _chunks.Message) -> None:
        payload = message.payload
        if len(payload) < 6:
            raise _chunks.Broken("a cut message")
        event, number = _EVENT.unpack_from(payload)
        if event == _words.PING:
            self.to_client += _words.control(_words.PONG, number)
        elif event == _words.PONG and self.server is not None:
            self.server.pong(number)

    def _window_size(self, message: _chunks.Message) -> None:
        if len(message.payload) != 4:
            raise _chunks.Broken("a cut message")
        self._window = max(_U32.unpack(message.payload)[0], _words.LEAST_WINDOW)

    def _ignored(self, _message: _chunks.Message) -> None:
        """Acknowledgements and bandwidths of the client change nothing here."""

    # -- commands --

    def _command(self, message: _chunks.Message) -> None:
        payload = message.payload
        if message.kind == _chunks.COMMAND3:
            if payload[:1] != b"\x00":
                raise _chunks.Broken("a command in AMF3")
            payload = payload[1:]
        values = _amf0.decode(payload)
        name = values[0] if values else None
        number = _whole(values, 2**53)
        if not isinstance(name, str) or number is None:
            raise _chunks.Broken("no command")
        if (name == "connect") != (self.phase == CONNECTING):
            raise _chunks.Broken("a command in the wrong place")
        do = _COMMANDS.get(name)
        if do is None:
            raise _chunks.Broken("a command that is not on the list")
        do(self, number, message.stream, values[2:])

    def _connect(self, number: float, _stream: int, values: list[Any]) -> None:
        try:
            self.app, self._before = _names.application(values[0] if values else None)
            verdict = self._rules.enters(self.app, self.address)
        except _names.NoName as fault:
            verdict = self._rules.refuse(self._ask(PUBLISH, ""), str(fault))
        # An address that may not publish is told so in the words that the server has for it.
        if not verdict.allowed and verdict.reason != _decide.ADDRESS:
            self.to_client += _words.no_application(number)
            self.end(_REFUSED)
            return
        self._barred = verdict.reason
        self.phase = ASKING
        self.to_client += _words.welcome(number)

    def _create(self, number: float, stream: int, _values: list[Any]) -> None:
        if len(self._streams) >= self.limits.streams:
            raise _chunks.Broken("too many streams")
        self._made += 1
        self._streams[self._made] = _Stream()
        made = self._made
        if self.server is None:
            self.to_client += _words.result(number, made)
        else:
            self.server.create(
                made, stream, lambda: self.to_client.extend(_words.result(number, made))
            )

    def _publish(self, _number: float, stream: int, values: list[Any]) -> None:
        if values[1:2] == [False]:
            self._close(0, stream, [])
            return
        mode = values[2] if len(values) > 2 else None
        asked = self._asked(PUBLISH, stream, values)
        if asked is None:
            return
        if mode not in (None, "live"):
            self._rules.refuse(self._ask(PUBLISH, asked.name), "a recording")
            self._refuse(PUBLISH, stream, asked.name)
        elif self._allowed(PUBLISH, stream, asked):
            self._start(PUBLISH, stream, asked.name, (asked.written(), "live"))

    def _play(self, _number: float, stream: int, values: list[Any]) -> None:
        asked = self._asked(PLAY, stream, values)
        if asked is not None and self._allowed(PLAY, stream, asked):
            more = [value for value in values[2:5] if isinstance(value, (float, bool))]
            self._start(PLAY, stream, asked.name, (asked.name, *more))

    def _asked(self, direction: str, stream: int, values: list[Any]) -> _names.Stream | None:
        found = self._streams.get(stream)
        if found and found.doing:
            raise _chunks.Broken("a second stream in the place of one")
        if found and self.server is not None and not self.server.has(stream):
            raise _chunks.Broken("a stream that is not there yet")
        text = values[1] if len(values) > 1 else None
        try:
            return _names.stream(self._before, text)
        except _names.NoName as fault:
            name = _names.shown(self._before, text)
            self._rules.refuse(self._ask(direction, name), str(fault))
            self._refuse(direction, stream, name)
        return None

    def _ask(self, direction: str, name: str, token: str | None = None) -> _decide.Ask:
        return _decide.Ask(direction, self.app, name, token, self.address, _decide.RTMP)

    def _allowed(self, direction: str, stream: int, asked: _names.Stream) -> bool:
        allowed = (
            not self._barred
            and self._rules.decide(self._ask(direction, asked.name, asked.token)).allowed
        )
        if not allowed:
            self._refuse(direction, stream, asked.name)
        return allowed

    def _refuse(self, direction: str, stream: int, name: str) -> None:
        self._refusals += 1
        self.to_client += _words.refusal(direction, stream, name)
        if self._refusals >= self.limits.refusals:
            self.end(_REFUSED)

    def _start(self, direction: str, stream: int, name: str, what: tuple[Any, ...]) -> None:
        """Tell the server what was allowed."""
        if stream in self._streams:
            self._streams[stream] = _Stream(direction, name)
        if self.server is None:
            # Whoever was let in may send what a stream is made of.
            self._reader.most = self.limits.message
            self.server = _server.Server(
                self.app, self.to_client, self.to_server, self.limits.message
            )
            for made in self._streams:
                self.server.create(made)
            self.phase = WAITING
        self.server.ask(direction, stream, what)
        if direction == PUBLISH and stream in self._streams:
            self.server.then(lambda: self._publishes(stream))

    def _publishes(self, stream: int) -> None:
        if self.server is not None:
            self._on_air[stream] = self.server.lanes(stream)

    def _close(self, _number: float, stream: int, _values: list[Any]) -> None:
        found = self._streams.get(stream)
        if self.server is not None and found and found.doing:
            self._streams[stream] = _Stream()
            self._on_air.pop(stream, None)
            self.server.ask("closeStream", stream, ())

    def _delete(self, _number: float, _stream: int, values: list[Any]) -> None:
        stream = int(_whole(values, 2**31) or 0)
        if self._streams.pop(stream, None):
            self._on_air.pop(stream, None)
            if self.server is not None:
                self.server.delete(stream)

    def _steer(self, name: str, stream: int, values: list[Any]) -> None:
        """Of a player: to pause, to go elsewhere, to do without sound or picture."""
        found = self._streams.get(stream)
        more = [value for value in values[1:3] if isinstance(value, (float, bool))]
        if self.server is not None and found and found.doing == PLAY and more:
            self.server.ask(name, stream, tuple(more))

    def _answered(self, number: float, _stream: int, _values: list[Any]) -> None:
        """Commands with which encoders announce themselves: the gate has no use for them."""
        if number:
            self.to_client += _words.result(number, None)

    def _unanswered(self, _number: float, _stream: int, _values: list[Any]) -> None:
        """Commands that nobody waits for an answer to."""

    def _failed(self) -> None:
        """If the server cannot be talked with any more, the client hears of it, and it is over."""
        if self.server is None or not self.server.failure or self.phase == ENDED:
            return
        if self.phase == WAITING:
            self.to_client += _words.failure(self.server.asked_on)
        self.end(self.server.failure)


def _reason(fault: ValueError) -> str:
    """Words of ours, and none that quote what came."""
    return str(fault) if isinstance(fault, _chunks.Broken) else "no AMF0"


def _whole(values: list[Any], below: float) -> float | None:
    """The second of some values, if it is a number that counts something."""
    value = values[1] if len(values) > 1 else None
    return value if isinstance(value, float) and 0 <= value < below else None


def _steering(name):
    return lambda session, _number, stream, values: session._steer(name, stream, values)


_TAKERS: dict[int, Callable[[Session, _chunks.Message], None]] = {
    _chunks.ACKNOWLEDGEMENT: Session._ignored,
    _chunks.CONTROL: Session._control,
    _chunks.WINDOW: Session._window_size,
    _chunks.BANDWIDTH: Session._ignored,
    _chunks.AUDIO: Session._media,
    _chunks.VIDEO: Session._media,
    _chunks.DATA3: Session._data,
    _chunks.COMMAND3: Session._command,
    _chunks.DATA: Session._data,
    _chunks.COMMAND: Session._command,
    _chunks.AGGREGATE: Session._aggregate,
}
_COMMANDS: dict[str, Callable[[Session, float, int, list[Any]], None]] = {
    "connect": Session._connect,
    "createStream": Session._create,
    "publish": Session._publish,
    "play": Session._play,
    "closeStream": Session._close,
    "deleteStream": Session._delete,
    "releaseStream": Session._answered,
    "FCPublish": Session._answered,
    "FCUnpublish": Session._answered,
    "FCSubscribe": Session._unanswered,
    "getStreamLength": Session._unanswered,
    "_checkbw": Session._unanswered,
    "_result": Session._unanswered,
    "_error": Session._unanswered,
    **{name: _steering(name) for name in ("pause", "seek", "receiveAudio", "receiveVideo")},
}
