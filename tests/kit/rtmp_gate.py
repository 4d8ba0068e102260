"""The RTMP gate in tests: rules that remember, both other ends without sockets, and a port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    counts as _counts,
    decide as _decide,
    rtmp_relay as _relay,
    rtmp_session as _session,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
)

GOOD = "good"
ADDRESS = "203.0.113.7"
SERVER_HELLO = b"\x03" + bytes(2 * 1536)
CLIENT_HELLO = b"\x03" + bytes(1536)
CLIENT_REPLY = bytes(1536)


class Rules:
    """Whoever shows the good token is let in, from everywhere but the addresses outside.

    asked: everything that was asked. allowed: those of it that were allowed. refused: others, that
    could not be asked for, with the reason.
    """

    def __init__(self, token=GOOD, apps=("LiveApp", "events"), play=True):
        self.token, self.apps, self.play = token, apps, play
        self.outside = set()
        self.entered, self.asked, self.allowed, self.refused = [], [], [], []

    def decide(self, ask):
        self.asked.append(ask)
        reason = "" if ask.token == self.token else "no token"
        if ask.direction == "play" and not self.play:
            reason = "play over RTMP"
        if not reason:
            self.allowed.append(ask)
        return _decide.Verdict(not reason, reason)

    def enters(self, app, address):
        self.entered.append((app, address))
        if app not in self.apps:
            return _decide.Verdict(False, "unknown application")
        if address in self.outside:
            return _decide.Verdict(False, _decide.ADDRESS)
        return _decide.ALLOWED

    def refuse(self, ask, reason):
        self.refused.append((ask, reason))
        return _decide.Verdict(False, reason)


def command(stream, *values, channel=8, size=_chunks.USUAL_SIZE):
    """A command as its bytes."""
    return _chunks.pack(channel, _chunks.COMMAND, stream, _amf0.encode(*values), size)


def chunk_size(size):
    return _chunks.pack(2, _chunks.SET_CHUNK_SIZE, 0, struct.pack(">I", size))


class Talk:
    """A session with both its other ends, and no sockets.

    told: every message that reached the server, commands as (stream, values), others as messages.
    heard: the same of the client. Answers as the server does while ``answers``.
    """

    def __init__(self, rules=None, limits=None, greet=True, answers=True, address=ADDRESS):
        self.rules = rules or Rules()
        self.session = _session.Session(address, self.rules, limits or _session.Limits())
        self.answers = answers
        self.told, self.heard = [], []
        self.raw = bytearray()
        self._upstream = self._downstream = None
        self._made = 0
        if greet:
            self.say(CLIENT_HELLO + CLIENT_REPLY + chunk_size(_chunks.USUAL_SIZE))

    def say(self, *data):
        """The client says something; all that follows from it happens."""
        for piece in data:
            self.session.from_client(piece)
            self._settle()

    def connect(self, app="LiveApp", **more):
        self.say(command(0, "connect", 1.0, {"app": app, **more}, channel=3))

    def open(self, app="LiveApp", name=None, what="publish"):
        """Connect, and have one stream; of a name, publish it."""
        self.connect(app)
        self.say(command(0, "createStream", 2.0, None, channel=3))
        if name is not None:
            rest = ["live"] if what == "publish" else [-2.0]
            self.say(command(1, what, 3.0, None, name, *rest))

    def server_says(self, data):
        self.session.from_server(data)
        self._settle()

    def _settle(self):
        session = self.session
        for _round in range(100):
            to_server, to_client = b"".join(session.to_server), b"".join(session.to_client)
            session.to_server.clear()
            session.to_client.clear()
            if not to_server and not to_client:
                return
            self._hear(to_client)
            if to_server:
                self.raw += to_server
                for answer in self._tell(to_server):
                    session.from_server(answer)
        raise AssertionError("the two never stop")

    def _hear(self, data):
        if self._downstream is None and data:
            self._downstream = _chunks.Reader(1 << 24)
            assert data[:1] == b"\x03"
            data = data[1 + 2 * 1536 :]
        if data:
            self._downstream.feed(data)
            self.heard += _taken(self._downstream)

    def _tell(self, data):
        """Take what reaches the server; what it answers, if it does."""
        answers = []
        if self._upstream is None:
            self._upstream = _chunks.Reader(1 << 24)
            self._greeting = bytearray()
            answers.append(SERVER_HELLO)
        if self._greeting is not None:
            self._greeting += data
            data = b""
            if len(self._greeting) >= 1 + 2 * 1536:
                data, self._greeting = bytes(self._greeting[1 + 2 * 1536 :]), None
        self._upstream.feed(data)
        found = _taken(self._upstream)
        self.told += found
        for entry in found:
            answers += self._answers(entry)
        return answers if self.answers else []

    def _answers(self, entry):
        if not isinstance(entry[1], list):
            return
        name, number = entry[1][:2]
        if name == "connect":
            status = {"code": "NetConnection.Connect.Success"}
            yield command(0, "_result", number, None, status, channel=3, size=128)
        elif name == "createStream":
            self._made += 1
            made = float(self._made)
            yield command(0, "_result", number, None, made, channel=3, size=128)

    @property
    def names(self):
        """The commands that reached the server."""
        return [entry[1][0] for entry in self.told if isinstance(entry[1], list)]

    @property
    def statuses(self):
        """The codes that the client heard."""
        return [
            values[3]["code"]
            for _stream, values in (each for each in self.heard if isinstance(each[1], list))
            if len(values) > 3 and isinstance(values[3], dict) and "code" in values[3]
        ]


def _taken(reader):
    found = []
    message = reader.message()
    while message:
        if message.kind == _chunks.COMMAND:
            found.append((message.stream, _amf0.decode(message.payload)))
        else:
            found.append(message)
        message = reader.message()
    return found


class Gate:
    """A gate on ports of loopback, in a thread. relay: only to be looked at."""

    def __init__(self, rules, upstream, limits, contexts):
        self.counts = _counts.Counts()
        self._rules, self._upstream, self._limits = rules, upstream, limits
        self._sockets = [socket.create_server(("127.0.0.1", 0), backlog=512) for _each in contexts]
        self.ports = [each.getsockname()[1] for each in self._sockets]
        self.port = self.ports[0]
        self._contexts = contexts
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()
        self._started.wait()

    def _work(self):
        asyncio.set_event_loop(self._loop)
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._main())
        self._loop.close()

    async def _main(self):
        self._task = asyncio.current_task()
        self.relay = _relay.Relay(self._rules, self._upstream, self._limits, self.counts)
        ends = [
            self.relay.listen(link, (lambda context=context: context) if context else None)
            for link, context in zip(self._sockets, self._contexts)
        ]
        self._started.set()
        try:
            while True:
                self.relay.tick()
                await asyncio.sleep(0.05)
        finally:
            for end in ends:
                end()
            self.relay.close()
            await asyncio.sleep(0.05)

    def on_air(self):
        """What was allowed and goes on."""
        return self.do(
            lambda: [ask for pair in self.relay._pairs for ask in pair.session.allowed()]
        )

    def do(self, call):
        """Call something where the gate runs, and its value."""

        async def run():
            return call()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    def close(self):
        with contextlib.suppress(RuntimeError):  # it is closed
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()


@contextlib.contextmanager
def gate(rules, upstream, limits=None, contexts=(None,)):
    """A running gate before a server's (host, port)."""
    running = Gate(rules, lambda: upstream, limits or _relay.Limits(), contexts)
    try:
        yield running
    finally:
        running.close()
