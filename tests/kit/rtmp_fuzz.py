"""Broken captures of publishers and players, and whether the gate keeps to its rules with them.

An input is a number: it says which capture, how it is broken, how its bytes come and how the server
behaves. So whatever fails can be run again.
"""

from __future__ import annotations

import random
import struct
import time

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    rtmp_session as _session,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
)

from .rtmp_captures import captures
from .rtmp_gate import GOOD, SERVER_HELLO, Rules, Talk, chunk_size, command

HELLO = 1 + 2 * 1536
SECONDS = 2.0
# Of a connection, next to the messages that are there in part: what one call brings.
SLACK = 2 * 65536
LIMITS = _session.Limits(early=8192, early_message=2048, message=65536, data=4096)
TO_SERVER = {_chunks.ACKNOWLEDGEMENT, _chunks.CONTROL, 8, 9, 18}
COMMANDS = {"connect", "createStream", "publish", "play", "closeStream", "deleteStream"}
STEERING = {"pause", "seek", "receiveAudio", "receiveVideo"}
DATA = {"onMetaData", "onTextData", "onCuePoint", "onFI", "onCaptionInfo"}


class Broken(AssertionError):
    """The gate went past its rules."""


class Watched(Talk):
    """A session of which everything that reaches the server is held against what was decided."""

    def __init__(self, **options):
        self._checked = 0
        self._published, self._numbers = [], set()
        super().__init__(limits=LIMITS, **options)

    def say(self, *data):
        for piece in data:
            began = time.monotonic()
            super().say(piece)
            self.check(len(piece))
            if time.monotonic() - began > SECONDS:
                raise Broken("it took too long")

    def server_says(self, data):
        super().server_says(data)
        self.check(len(data))

    def check(self, came):
        """Raises Broken if anything is not as it has to be."""
        session, allowed = self.session, self.rules.allowed
        if self.raw and not allowed:
            raise Broken("the server heard of somebody who was not let in")
        most = LIMITS.message if allowed else LIMITS.early_message
        if session.held > most + LIMITS.message * bool(session.server) + came + HELLO + SLACK:
            raise Broken(f"{session.held} bytes are kept")
        for stream, *rest in self.told[self._checked :]:
            if len(rest) == 1:
                self._check_command(stream, rest[0])
            else:
                self._check_message(_chunks.Message(stream, *rest))
        self._checked = len(self.told)

    def _check_command(self, stream, values):
        name, allowed = values[0], self.rules.allowed
        if name not in COMMANDS | STEERING:
            raise Broken(f"the command {name}")
        if name == "connect" and values[2]["app"] not in [ask.app for ask in allowed]:
            raise Broken("another application")
        if name in ("publish", "play"):
            named, _asks, query = values[3].partition("?")
            self._published.append((name, named))
            wanted = [(ask.direction, ask.stream) for ask in allowed]
            if self._published != wanted[: len(self._published)]:
                raise Broken(f"{self._published} are not {wanted}")
            tokens = [pair for pair in query.split("&") if pair.startswith("token=")]
            if name == "publish" and (tokens != [f"token={GOOD}"] or values[4:] != ["live"]):
                raise Broken("another way to publish")
            if name == "publish":
                self._numbers.add(stream)

    def _check_message(self, message):
        if message.kind not in TO_SERVER:
            raise Broken(f"a message of kind {message.kind}")
        if message.kind == _chunks.CONTROL and message.payload[:2] != b"\x00\x07":
            raise Broken("a control message")
        if message.kind in (8, 9, 18) and message.stream not in self._numbers:
            raise Broken("what belongs to no stream")
        if message.kind == 18:
            names = _amf0.decode(message.payload)[:2]
            if names[0] not in DATA and (names[0][0] != "@" or names[1] not in DATA):
                raise Broken("data of another name")


def _messages():
    """The messages of all captures, each with a full header, and some that no client sends."""
    found = []
    for data in captures().values():
        reader = _chunks.Reader(1 << 24)
        reader.feed(data[HELLO:])
        message = reader.message()
        while message and len(found) < 500:
            if len(message.payload) < 700:
                found.append(message)
            message = reader.message()
    tag = b"\x09\0\0\x02\0\0\0\0\0\0\0vv\0\0\0\x0d"
    publish = _amf0.encode("publish", 5.0, None, f"s2?token={GOOD}", "live")
    made = [
        (_chunks.AGGREGATE, 1, tag * 3),
        (_chunks.AGGREGATE, 1, b"\x14" + len(publish).to_bytes(3, "big") + bytes(7) + publish),
        (_chunks.COMMAND3, 1, b"\0" + publish),
        (_chunks.DATA3, 1, b"\0" + _amf0.encode("onMetaData", {})),
        (_chunks.DATA, 0, publish),
        (_chunks.COMMAND, 1, _amf0.encode("closeStream", 0.0, None)),
        (_chunks.COMMAND, 1, _amf0.encode("publish", 0.0, None, False)),
        (_chunks.COMMAND, 0, _amf0.encode("connect", 1.0, {"app": "events"})),
        (_chunks.COMMAND, 1, _amf0.encode("pause", 0.0, None, True, 1.0)),
        (_chunks.COMMAND, 2, publish),
        (_chunks.ABORT, 0, struct.pack(">I", 6)),
        (_chunks.WINDOW, 0, struct.pack(">I", 100)),
    ]
    return found + [_chunks.Message(kind, stream, 0, data) for kind, stream, data in made]


CAPTURES = [data[: HELLO + 2500] for data in captures().values()]
MESSAGES = _messages()
BYTES = [b"\0", b"\xff", b"\xc3", b"\x02", b"\x03", b"\x08", b"\x14", b"\x12", b"\x16", b"\x80"]


def _broken_bytes(chance, data):
    """Bytes with a few of them changed, gone, doubled or new."""
    data = bytearray(data)
    for _each in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 1, 2, 4, 16, 200)))
        what = chance.randrange(6)
        if what == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            data[at:at] = chance.choice(BYTES) * chance.choice((1, 1, 3, 30))
        elif what == 2:
            del data[at:end]
        elif what == 3:
            data[at:at] = data[at:end]
        elif what == 4:
            data[at:end] = chance.randbytes(end - at)
        else:
            del data[at:]
    return bytes(data)


def _broken_order(chance):
    """Messages of captures in an order of their own, in chunks of some size."""
    size = chance.choice((128, 128, 200, 4096, 65536))
    data = [chunk_size(size)] if chance.random() < 0.9 else []
    size = size if data else 128
    if chance.random() < 0.9:
        data.append(command(0, "connect", 1.0, {"app": "LiveApp"}, size=size))
    if chance.random() < 0.9:
        data.append(command(0, "createStream", 2.0, None, size=size))
    if chance.random() < 0.7:
        token = GOOD if chance.random() < 0.8 else "bad"
        what = "publish" if chance.random() < 0.8 else "play"
        data.append(command(1, what, 3.0, None, f"s1?token={token}", "live", size=size))
    for _each in range(chance.randrange(12)):
        kind, stream, when, payload = chance.choice(MESSAGES)
        if chance.random() < 0.2:
            stream = chance.choice((0, 1, 2, 3, 7, 2**32 - 1))
        if chance.random() < 0.2:
            payload = _broken_bytes(chance, payload)
        if chance.random() < 0.1:
            kind = chance.randrange(32)
        channel = chance.choice((3, 4, 5, 6, 8))
        data.append(_chunks.pack(channel, kind, stream, payload, size, when))
    if chance.random() < 0.2:
        chance.shuffle(data)
    whole = b"".join(data)
    return _broken_bytes(chance, whole) if chance.random() < 0.3 else whole


def one(number):
    """Run an input; how far it came: the phase, and whether the server heard anything."""
    chance = random.Random(number)
    if chance.random() < 0.5:
        capture = chance.choice(CAPTURES)
        if chance.random() < 0.05:
            data = _broken_bytes(chance, capture)
        else:
            data = capture[:HELLO] + _broken_bytes(chance, capture[HELLO:])
    else:
        data = b"\x03" + bytes(HELLO - 1) + _broken_order(chance)
    rules = Rules(play=chance.random() < 0.8)
    if chance.random() < 0.05:
        rules.outside.add("203.0.113.7")
    talk = Watched(rules=rules, greet=False, answers=chance.random() < 0.95)
    step = chance.choice((1 << 20, 1 << 20, 1000, 137, 17))
    talk.say(data[:HELLO])
    for start in range(HELLO, len(data), step):
        talk.say(data[start : start + step])
        if chance.random() < 0.002:
            talk.server_says(chance.randbytes(chance.choice((1, 20, 2000))))
    if not talk.answers:
        talk.answers = True
        if chance.random() < 0.5:
            talk.server_says(SERVER_HELLO)
        else:
            talk.session.server_lost()
            talk._settle()
    return talk.session.phase, bool(talk.raw)


def many(first, count):
    """Run so many inputs; how often each outcome came."""
    found = {}
    for number in range(first, first + count):
        try:
            outcome = one(number)
        except Exception as error:
            raise AssertionError(f"input {number}: {error!r}") from error
        found[outcome] = found.get(outcome, 0) + 1
    return found
