# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The RTMP gate: takes connections, and carries bytes between them, their sessions and the server.

PRIVATE to the collection.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    counts as _counts,
    decide as _decide,
    rtmp_session as _session,
)

_SECOND = 1.0
_NO_ROOM_SECONDS = 0.1
_READ_BYTES = 256 << 10
# More than a header: encoders send these by themselves, and that is no time to be woken up.
_LEAST_BYTES = 16


@dataclass(frozen=True)
class Limits:
    """What all connections may take together, and how long each may take for what.

    undecided: connections that nothing was allowed yet. peer: connections of one address; of IPv6,
    of one network of 64 bits. greeting, asking: seconds from its start until a connection has
    greeted, and has something allowed. server: until the server took it. idle: without a byte.
    linger: until what was said last is gone. buffer: bytes that wait to be sent, each way.
    """

    connections: int = 1000
    undecided: int = 200
    peer: int = 50
    greeting: float = 5.0
    asking: float = 15.0
    server: float = 10.0
    idle: float = 60.0
    linger: float = 2.0
    buffer: int = 256 << 10
    session: _session.Limits = field(default_factory=_session.Limits)


class _Side(asyncio.BufferedProtocol):
    """One of the two connections of a client, and how they hold each other up."""

    def __init__(self, pair: _Pair) -> None:
        self.pair = pair
        self.transport: Any = None
        self.full = False
        self.reading = True

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.set_write_buffer_limits(high=self.pair.relay.limits.buffer)
        if self.pair.phase == _session.ENDED:
            transport.abort()

    def get_buffer(self, _hint: int) -> memoryview:
        """Where to read into: what is there is copied before anybody else reads."""
        return self.pair.relay.room

    def pause_writing(self) -> None:
        self.full = True
        self.pair.flow()

    def resume_writing(self) -> None:
        self.full = False
        self.pair.flow()

    def read_while(self, wanted: bool) -> None:
        """Read from here, or not."""
        if self.transport is None or wanted == self.reading or self.transport.is_closing():
            return
        self.reading = wanted
        if wanted:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    def send(self, pieces: list[Any]) -> None:
        """Send pieces, and forget them."""
        if pieces and self.transport is not None:
            data = b"".join(pieces)
            pieces.clear()
            self.transport.write(data)

    def wait_for(self, count: int) -> None:
        """Hear of bytes only when there are so many, or none will follow."""
        if self.transport is not None:
            link = self.transport.get_extra_info("socket")
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, count)

    @property
    def gone(self) -> bool:
        """Whether nothing more comes or goes here."""
        return self.transport is None

    def close(self) -> None:
        """Hang up when all is sent."""
        if self.transport is not None:
            self.transport.close()

    def finish(self) -> None:
        """Say that nothing follows, and let the other end hang up: it may lose the words else."""
        if self.transport is not None and self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.close()

    def abort(self) -> None:
        """Hang up."""
        if self.transport is not None:
            self.transport.abort()


class _Client(_Side):
    def buffer_updated(self, nbytes: int) -> None:
        self.pair.from_client(self.pair.relay.room[:nbytes])

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        self.pair.client_lost()


class _Behind(_Side):
    def buffer_updated(self, nbytes: int) -> None:
        self.pair.from_server(self.pair.relay.room[:nbytes])

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        self.pair.server_lost()


class _Pair:
    """A client's connection, and the one to the server once there is any."""

    def __init__(self, relay: Relay, address: str) -> None:
        self.relay, self.address = relay, address
        self.session = _session.Session(address, relay.rules, relay.limits.session)
        self.client = _Client(self)
        self.behind = _Behind(self)
        self.began = self.heard = self.turned = time.monotonic()
        self.phase = self.session.phase
        self._link: asyncio.Task | None = None

    def from_client(self, data: memoryview) -> None:
        self.heard = self.relay.now
        self.relay.client_bytes += len(data)
        self.session.from_client(data)
        self._go_on()

    def from_server(self, data: memoryview) -> None:
        self.relay.server_bytes += len(data)
        self.session.from_server(data)
        self._go_on()

    def client_lost(self) -> None:
        self.end("")
        if self._link is not None:
            self._link.cancel()
        self.behind.close()
        self._over()

    def server_lost(self) -> None:
        self.session.server_lost()
        self._go_on()
        self._over()

    def end(self, why: str) -> None:
        """It is over, for a reason."""
        self.session.end(why)
        self._go_on()

    def flow(self) -> None:
        """Read from a side only while the other one takes what comes of it."""
        reads = self.session.reads and not (self.behind.full or self.client.full)
        self.client.read_while(reads or self.phase == _session.ENDED)
        self.behind.read_while(not self.client.full)

    def _go_on(self):
        session = self.session
        self.client.send(session.to_client)
        self.behind.send(session.to_server)
        if session.phase != self.phase:
            self._turn()

    def _turn(self):
        """The session has come to another phase."""
        session = self.session
        self.phase, self.turned = session.phase, time.monotonic()
        if session.phase == _session.WAITING:
            self._link = asyncio.get_running_loop().create_task(self._connect())
        elif session.phase == _session.ENDED:
            if session.why:
                self.relay.counts.add("rtmp_ended_total", reason=session.why)
            if session.why in _session.SPOKEN:
                self.client.finish()
            else:
                self.client.close()
            self.behind.close()
        elif session.publishes:
            self.client.wait_for(_LEAST_BYTES)
        self.flow()

    async def _connect(self):
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: self.behind, *self.relay.upstream()
            )
        except OSError:
            self.session.server_lost()
        self._go_on()

    def _over(self):
        if self.client.gone and self.behind.gone:
            self.relay.forget(self)

    def look(self, now: float) -> None:
        """End it if its time is over."""
        limits, phase = self.relay.limits, self.phase
        if phase == _session.ENDED:
            if now - self.turned > limits.linger:
                self.client.abort()
                self.behind.abort()
                self._over()
        elif phase == _session.WAITING:
            if now - self.turned > limits.server:
                self.session.server_lost()
                self._go_on()
        elif phase == _session.ON_AIR:
            if now - self.heard > limits.idle:
                self.end("idle")
        elif now - self.began > (limits.greeting if phase == _session.GREETING else limits.asking):
            self.end("too slow")


class Relay:
    """The RTMP gate.

    :arg rules: who decides.
    :arg upstream: tells host and port of the server.
    """

    def __init__(
        self,
        rules: _session.Rules,
        upstream: Callable[[], tuple[str, int]],
        limits: Limits,
        counts: _counts.Counts,
    ) -> None:
        self.rules, self.upstream = rules, upstream
        self.limits, self.counts = limits, counts
        self.now = time.monotonic()
        self.client_bytes = self.server_bytes = 0
        self.room = memoryview(bytearray(_READ_BYTES))
        self._pairs: set[_Pair] = set()
        self._peers: Counter[str] = Counter()
        self._begins: set[asyncio.Task] = set()

    def listen(
        self, listener: socket.socket, tls: Callable[[], ssl.SSLContext | None] | None = None
    ) -> Callable[[], object]:
        """Take connections there.

        :kwarg tls: gives the context of TLS, if that is spoken there; without one nobody gets in.
        :returns: what ends that, and closes the listener. Whoever is connected stays.
        """
        listener.setblocking(False)
        task = asyncio.get_running_loop().create_task(self._accept(listener, tls))
        task.add_done_callback(lambda _task: listener.close())
        return task.cancel

    def tick(self) -> None:
        """What is due each second."""
        self.now = time.monotonic()
        for pair in list(self._pairs):
            pair.look(self.now)
        phases = Counter(pair.phase for pair in self._pairs)
        for phase in _session.PHASES:
            self.counts.put("rtmp_connections", phases[phase], phase=phase)
        self.counts.add("rtmp_bytes_total", self.client_bytes, source="clients")
        self.counts.add("rtmp_bytes_total", self.server_bytes, source="server")
        self.client_bytes = self.server_bytes = 0

    def close(self) -> None:
        """End all connections."""
        for pair in list(self._pairs):
            pair.end("the gate stops")
            pair.client.abort()
            pair.behind.abort()

    def review(self, stays: Callable[[_decide.Ask], bool]) -> None:
        """End whoever is no longer allowed at all.

        :arg stays: tells of what somebody was let in with, but for the token, whether it still is.
        """
        for pair in list(self._pairs):
            if not all(map(stays, pair.session.allowed())):
                pair.end("no longer allowed")

    async def _accept(self, listener, tls):
        while True:
            try:
                link, address = await asyncio.get_running_loop().sock_accept(listener)
            except OSError:  # the other end has gone again, or there is no room for more
                await asyncio.sleep(_NO_ROOM_SECONDS)
                continue
            context = tls() if tls else None
            if tls and context is None:
                link.close()
                continue
            peer = _network(address[0])
            if self._full(peer):
                self.counts.add("rtmp_ended_total", reason="too many connections")
                link.close()
                continue
            self._peers[peer] += 1
            pair = _Pair(self, address[0])
            self._pairs.add(pair)
            task = asyncio.get_running_loop().create_task(self._begin(pair, link, context))
            self._begins.add(task)
            task.add_done_callback(self._begins.discard)

    def _full(self, peer):
        undecided = sum(pair.phase not in (_session.ON_AIR, _session.ENDED) for pair in self._pairs)
        return (
            len(self._pairs) >= self.limits.connections
            or undecided >= self.limits.undecided
            or self._peers[peer] >= self.limits.peer
        )

    async def _begin(self, pair, link, context):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        seconds = {} if context is None else {"ssl_handshake_timeout": self.limits.greeting}
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: pair.client, link, ssl=context, **seconds
            )
        except (OSError, ValueError):
            link.close()
            self.forget(pair)

    def forget(self, pair: _Pair) -> None:
        """Nothing is left of a connection."""
        if pair in self._pairs:
            self._pairs.remove(pair)
            peer = _network(pair.address)
            self._peers[peer] -= 1
            if not self._peers[peer]:
                del self._peers[peer]


def _network(address):
    """Whom an address belongs to, for counting."""
    found = _decide.real(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


async def serve(
    listeners: Iterable[tuple[socket.socket, Callable[[], ssl.SSLContext | None] | None]],
    rules: _session.Rules,
    upstream: Callable[[], tuple[str, int]],
    limits: Limits,
    counts: _counts.Counts,
) -> None:
    """The RTMP gate by itself, until cancelled."""
    relay = Relay(rules, upstream, limits, counts)
    ends = [relay.listen(*each) for each in listeners]
    try:
        while True:
            relay.tick()
            await asyncio.sleep(_SECOND)
    finally:
        for end in ends:
            end()
        relay.close()
