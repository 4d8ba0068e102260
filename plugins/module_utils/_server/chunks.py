# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The chunks of RTMP: messages out of bytes as they come, and messages to bytes. Reads no socket.

A message is cut into chunks, those of several messages may take turns, and a chunk says only what
is new since the one before it on its channel.

PRIVATE to the collection.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

# What both sides start with.
FIRST_SIZE = 128
USUAL_SIZE = 4096
MOST_SIZE = 0xFFFFFF
EXTENDED = 0xFFFFFF
CLOCK = 0xFFFFFFFF
# Kinds of message that are about the chunks themselves.
SET_CHUNK_SIZE, ABORT, ACKNOWLEDGEMENT, CONTROL, WINDOW, BANDWIDTH = range(1, 7)
AUDIO, VIDEO, DATA3, OBJECT3, COMMAND3, DATA, OBJECT, COMMAND = (8, 9, *range(15, 21))
AGGREGATE = 22

_FULL = struct.Struct(">BBHBHB")
_STREAM = struct.Struct("<I")
_LATE = struct.Struct(">I")
_HEADERS = (11, 7, 3, 0)


class Broken(ValueError):
    """Bytes that are no chunks, or more than may be kept."""


class Message(NamedTuple):
    """A whole message; time in milliseconds, as a clock of 32 bits shows it."""

    kind: int
    stream: int
    time: int
    payload: bytes


class _Channel:
    """What a chunk may leave out because the chunk before it on the same channel said it."""

    __slots__ = ("data", "delta", "kind", "late", "length", "stream", "time")

    def __init__(self) -> None:
        self.length = self.kind = self.stream = self.time = self.delta = 0
        # Four bytes that chunks go on with, where the time is too large for a header.
        self.late = b""
        self.data = bytearray()


class Reader:
    """Messages out of a chunked stream of bytes.

    :kwarg most: bytes of messages that may be there in part, and so of one message.
    :kwarg channels: how many channels may be used.
    :kwarg least: the smallest size of chunks that may be set.
    :ivar received: bytes that came so far.
    """

    def __init__(self, most: int, channels: int = 64, least: int = 1) -> None:
        self.most, self.most_channels, self.least = most, channels, least
        self.size = FIRST_SIZE
        self.received = 0
        self._buffer = bytearray()
        # Where the next chunk begins, and the end of what has to be there to read it.
        self._at = self._need = 0
        self._held = 0
        # The byte that chunks begin with which go on with the last one, if that is all they have.
        self._alike = 0
        self._channels: dict[int, _Channel] = {}

    @property
    def held(self) -> int:
        """Bytes that are kept."""
        return len(self._buffer) - self._at + self._held

    def feed(self, data: bytes | memoryview) -> None:
        """Take bytes as they came."""
        self.received += len(data)
        if self._at:
            del self._buffer[: self._at]
            self._need -= self._at
            self._at = 0
        self._buffer += data

    def message(self) -> Message | None:
        """The next whole message; None while it is not all there.

        :raises Broken: nothing that follows can be read.
        """
        while len(self._buffer) >= self._need:
            channel = self._chunk()
            if channel is None:
                return None
            if self._alike and len(channel.data) < channel.length:
                self._run(channel)
            if len(channel.data) == channel.length:
                payload = bytes(channel.data)
                channel.data.clear()
                self._held -= channel.length
                if channel.kind == SET_CHUNK_SIZE:
                    self._resize(payload)
                elif channel.kind == ABORT:
                    self._abort(payload)
                else:
                    return Message(channel.kind, channel.stream, channel.time, payload)
        return None

    def _chunk(self):
        """Take the next chunk; the channel it is of, or None if it is not all there."""
        buffer, at, end = self._buffer, self._at, len(self._buffer)
        if at >= end:
            return None
        first = buffer[at]
        form, number = first >> 6, first & 0x3F
        at += 1
        if number < 2:
            at += number + 1
            if end < at:
                return None
            number = 64 + (buffer[at - 1] if number == 0 else buffer[at - 2] + 256 * buffer[at - 1])
        start, at = at, at + _HEADERS[form]
        if end < at:
            return None
        channel = self._channels.get(number)
        if channel is None:
            # librtmp answers pings with the second form of header where nothing was before.
            if form > 1:
                raise Broken("a chunk goes on with what never began")
            if len(self._channels) >= self.most_channels:
                raise Broken("too many channels")
            channel = _Channel()
        begun = len(channel.data)
        if begun and form < 3:
            raise Broken("a message begins before the last one is whole")
        length, kind, stream, late = channel.length, channel.kind, channel.stream, channel.late
        if form < 3:
            field = buffer[start] << 16 | buffer[start + 1] << 8 | buffer[start + 2]
            if form < 2:
                length = buffer[start + 3] << 16 | buffer[start + 4] << 8 | buffer[start + 5]
                kind = buffer[start + 6]
                if form == 0:
                    stream = _STREAM.unpack_from(buffer, start + 7)[0]
            late = b""
            if field == EXTENDED:
                at += 4
                if end < at:
                    return None
                late = bytes(buffer[at - 4 : at])
                field = _LATE.unpack(late)[0]
        elif late:
            # Some encoders leave it out where a message goes on.
            again = bytes(buffer[at : at + 4])
            if again == late:
                at += 4
            elif late.startswith(again):
                return None
        if self._held + length - begun > self.most:
            raise Broken("too many bytes of messages")
        count = min(length - begun, self.size)
        if end < at + count:
            self._need = at + count
            return None
        # All of it is there: from here on nothing is read twice.
        if form < 3:
            channel.length, channel.kind, channel.stream, channel.late = length, kind, stream, late
            channel.delta = field
            channel.time = field if form == 0 else (channel.time + field) & CLOCK
            self._channels[number] = channel
        elif not begun:
            channel.time = (channel.time + channel.delta) & CLOCK
        channel.data += buffer[at : at + count]
        self._held += count
        self._at = self._need = at + count
        self._alike = 0xC0 | first & 0x3F if at - start == _HEADERS[form] and number < 64 else 0
        return channel

    def _run(self, channel):
        """Take the full chunks that go on with a message and follow at once, all in one go."""
        buffer, at, step = self._buffer, self._at, self.size + 1
        count = min((len(buffer) - at) // step, (channel.length - len(channel.data)) // self.size)
        if buffer[at : at + count * step : step].count(self._alike) < count:
            return
        piece = buffer[at : at + count * step]
        del piece[::step]
        channel.data += piece
        self._held += len(piece)
        self._at = self._need = at + count * step

    def _resize(self, payload):
        size = _LATE.unpack(payload)[0] if len(payload) == 4 else 0
        if not self.least <= size <= 0x7FFFFFFF:
            raise Broken("a size of chunks that is none")
        self.size = min(size, MOST_SIZE)

    def _abort(self, payload):
        if len(payload) != 4:
            raise Broken("an abort of nothing")
        channel = self._channels.get(_LATE.unpack(payload)[0])
        if channel:
            self._held -= len(channel.data)
            channel.data.clear()


def header(channel: int, kind: int, stream: int, time: int, length: int) -> bytes:
    """The full header of a message's first chunk; channels 2 to 63."""
    short = time if time < EXTENDED else EXTENDED
    data = _FULL.pack(channel, short >> 16, short & 0xFFFF, length >> 16, length & 0xFFFF, kind)
    data += _STREAM.pack(stream)
    return data if time < EXTENDED else data + _LATE.pack(time)


def pieces(
    channel: int, kind: int, stream: int, payload: bytes, size: int, time: int = 0
) -> list[bytes | memoryview]:
    """A message as chunks of at most ``size`` bytes, in pieces that follow one another."""
    whole: list[bytes | memoryview] = [header(channel, kind, stream, time, len(payload))]
    if len(payload) <= size:
        whole.append(payload)
        return whole
    again = bytes((0xC0 | channel,)) + (_LATE.pack(time) if time >= EXTENDED else b"")
    view = memoryview(payload)
    whole.append(view[:size])
    for start in range(size, len(payload), size):
        whole += (again, view[start : start + size])
    return whole


def pack(
    channel: int, kind: int, stream: int, payload: bytes, size: int = USUAL_SIZE, time: int = 0
) -> bytes:
    """The same in one."""
    return b"".join(pieces(channel, kind, stream, payload, size, time))
