# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server's side of a connection through the gate: what is said to the server, and its answers.

Reads and writes no socket. Everything that goes to the server is written here.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import struct
from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import rtmp_words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
)

HELLO_BYTES = 1536
CHUNK_SIZE = 65536
HUNG_UP, NOT_TAKEN = "the server hung up", "the server refused the connection"
CHANNELS = 256
_CONNECTION, _ABOUT = 3, 8
_MEDIA = (_chunks.AUDIO, _chunks.VIDEO, _chunks.DATA)
_EVENT = struct.Struct(">HI")
_U32 = struct.Struct(">I")


class Server:
    """What is said with the server for one client.

    :arg app: the application that it is asked for.
    :arg to_client: where its answers go to. out: where goes what it is told.
    :ivar ready: whether it has taken the connection, and all streams that were made before.
    :ivar failure: why it cannot be talked with; empty while it can.
    :ivar asked_on: the client's message stream that something was asked on last.
    """

    def __init__(self, app: str, to_client: list[Any], out: list[Any], most: int) -> None:
        self.out = out
        self.out += (b"\x03", bytes(8), os.urandom(HELLO_BYTES - 8))
        self.ready = False
        self.failure = ""
        self.asked_on = 0
        self._app = app
        self._to_client = to_client
        self._hello = bytearray()
        self._greeted = False
        self._reader = _chunks.Reader(most, CHANNELS)
        self._commands = 1
        # By number of the command: what to do with the number of the stream that was made.
        self._making: dict[int, Callable[[int], None]] = {1: self._connected}
        self._there: dict[int, int] = {}
        self._here: dict[int, int] = {}
        self._deferred: list[Callable[[], None]] = []
        self._first: list[Callable[[], None]] = []
        self._window, self._acknowledged = _words.WINDOW, 0

    @property
    def held(self) -> int:
        """Bytes that are kept."""
        return self._reader.held + len(self._hello)

    # -- what the client's side asks for --

    def create(self, made: int, stream: int = 0, done: Callable[[], None] = lambda: None) -> None:
        """Make a stream that is the client's ``made``."""
        if self.ready:
            self._create(made, self._there.get(stream, stream), done)
        else:
            self._first.append(lambda: self._create(made, 0, done))

    def ask(self, name: str, stream: int, values: tuple[Any, ...]) -> None:
        """A command about one of the client's streams."""
        self.asked_on = stream
        self.then(
            lambda: self.out.extend(
                _words.command(_ABOUT, self._there.get(stream, stream), name, 0, None, *values)
            )
        )

    def then(self, do: Callable[[], None]) -> None:
        """Do something when all that was asked for before has been said."""
        if self.ready:
            do()
        else:
            self._deferred.append(do)

    def delete(self, stream: int) -> None:
        """The client's stream is no more."""
        number = self._there.pop(stream, None)
        if number is not None:
            self._here.pop(number, None)
            self.out += _words.command(_CONNECTION, 0, "deleteStream", 0, None, number)

    def has(self, stream: int) -> bool:
        """Whether the server has made a stream of the client's."""
        return stream in self._there

    def lanes(self, stream: int) -> tuple[int, dict[int, int]]:
        """The server's number of a stream, and a channel for each kind of its messages."""
        number = self._there[stream]
        first = 9 + len(_MEDIA) * (number % 16)
        return number, {kind: first + place for place, kind in enumerate(_MEDIA)}

    def pong(self, number: int) -> None:
        """The client answered when the server asked whether it is there."""
        if self.ready:
            self.out += _words.control(_words.PONG, number)

    # -- what the server says --

    def receive(self, data: bytes | memoryview) -> None:
        """Bytes of the server.

        :raises ValueError: they cannot be read.
        """
        if not self._greeted:
            data = self._greet(data)
        self._reader.feed(data)
        while not self.failure:
            message = self._reader.message()
            if message is None:
                break
            take = _TAKERS.get(message.kind)
            if take is not None:
                take(self, message)
        received = self._reader.received
        if received - self._acknowledged >= self._window // 2:
            self._acknowledged = received
            self.out += _words.acknowledgement(received)

    def _greet(self, data: bytes | memoryview) -> bytes:
        before = len(self._hello)
        self._hello += data
        # Its first part is answered at once: it waits for that before it sends the second.
        if before <= HELLO_BYTES < len(self._hello):
            self.out.append(bytes(self._hello[1 : 1 + HELLO_BYTES]))
            url = f"rtmp://127.0.0.1/{self._app}"
            about = {
                "app": self._app,
                "type": "nonprivate",
                "flashVer": "FMLE/3.0 (compatible; Streamward)",
                "tcUrl": url,
            }
            self.out += _words.protocol(_chunks.SET_CHUNK_SIZE, _U32.pack(CHUNK_SIZE))
            self.out += _words.command(_CONNECTION, 0, "connect", 1, about)
        if len(self._hello) <= 2 * HELLO_BYTES:
            return b""
        self._greeted = True
        rest = bytes(self._hello[1 + 2 * HELLO_BYTES :])
        self._hello.clear()
        return rest

    def _create(self, made, on, done):
        self._commands += 1

        def take(number):
            self._there[made], self._here[number] = number, made
            done()

        self._making[self._commands] = take
        channel = _ABOUT if on else _CONNECTION
        self.out += _words.command(channel, on, "createStream", self._commands, None)

    def _connected(self, _value):
        for each in self._first:
            each()
        self._first.clear()

    def _command(self, message):
        payload = message.payload
        values = _amf0.decode(payload, "replace")
        name = values[0] if values else None
        if name not in ("_result", "_error"):
            self._onward(message)
            return
        command = _whole(values, 1)
        making = None if command is None else self._making.pop(command, None)
        if making is None:
            return
        number = 0 if making == self._connected else _whole(values, 3)
        if name == "_error" or number is None:
            self.failure = NOT_TAKEN
            return
        making(number)
        if not self._making and not self.ready:
            self.ready = True
            for each in self._deferred:
                each()
            self._deferred.clear()

    def _onward(self, message):
        """To the client, on the stream that it is of there."""
        kind, stream, time, payload = message
        channel = 4 + _MEDIA.index(kind) if kind in _MEDIA else _CONNECTION
        here = self._here.get(stream, stream)
        self._to_client += _chunks.pieces(channel, kind, here, payload, _words.CHUNK_SIZE, time)

    def _control(self, message):
        if len(message.payload) < 6:
            return
        event, number = _EVENT.unpack_from(message.payload)
        if event == _words.PING:
            self._to_client += _words.control(event, number)
        elif number in self._here:
            rest = message.payload[6:]
            data = _EVENT.pack(event, self._here[number]) + rest
            self._to_client += _words.protocol(_chunks.CONTROL, data)

    def _window_size(self, message):
        if len(message.payload) == 4:
            self._window = max(_U32.unpack(message.payload)[0], _words.LEAST_WINDOW)


def _whole(values: list[Any], place: int) -> int | None:
    """The number at a place of a command; None if there is none that could be one of ours."""
    value = values[place] if len(values) > place else None
    return int(value) if isinstance(value, float) and 0 <= value < 2**31 else None


_TAKERS: dict[int, Callable[[Server, _chunks.Message], None]] = {
    _chunks.CONTROL: Server._control,
    _chunks.WINDOW: Server._window_size,
    _chunks.COMMAND: Server._command,
    _chunks.AUDIO: Server._onward,
    _chunks.VIDEO: Server._onward,
    _chunks.DATA: Server._onward,
    _chunks.AGGREGATE: Server._onward,
}
