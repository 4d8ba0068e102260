# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small server of HTTP/1.1 for the gate's own answers, with a bound for everything.

It is asked by nginx and Ant Media Server on the same host. Whatever is not plainly a request ends
its connection.

PRIVATE to the collection.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import stat
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Callable, Mapping

_REQUEST = re.compile(rb"([A-Z]{1,16}) (/[!-~]{0,16000}) HTTP/1\.([01])")
_HEADER = re.compile(rb"([A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_LENGTH = re.compile("[0-9]{1,7}", re.ASCII)
_END = b"\r\n\r\n"
# So many requests of one connection are answered before others have their turn.
_TURN = 32
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Bounds:
    """How much there may be of what. seconds: until a request has come, or an answer has gone."""

    connections: int = 1000
    head: int = 32_768
    body: int = 65_536
    seconds: float = 5
    idle_seconds: float = 90


@dataclass(frozen=True)
class Request:
    """A request. A header that is there more than once has no text that could be told."""

    method: str
    target: str
    headers: Mapping[str, str | None] = field(repr=False)
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class Answer:
    """An answer, and a text that is its body."""

    status: int
    text: str = ""
    type: str = TEXT


class Broken(ValueError):
    """What has come is no request that is answered here; the message says why in a few words."""


class Server:
    """The connections to the gate's answers, whatever socket they have come by."""

    def __init__(
        self,
        answer: Callable[[Request], Answer],
        ended: Callable[[str], object],
        bounds: Bounds | None = None,
    ) -> None:
        """
        :arg answer: makes the answer to a request.
        :arg ended: told why, of each connection that is ended for what came or did not come.
        """
        self.answer, self.ended, self.bounds = answer, ended, bounds or Bounds()
        self.connections: set[_Connection] = set()
        self._servers: list[asyncio.AbstractServer] = []

    async def listen(self, found: socket.socket) -> asyncio.AbstractServer:
        """Take connections from a socket; its closing leaves those that there are."""
        loop = asyncio.get_running_loop()
        server: asyncio.AbstractServer
        if found.family == socket.AF_UNIX:
            server = await loop.create_unix_server(self._connection, sock=found)
        else:
            server = await loop.create_server(self._connection, sock=found)
        self._servers.append(server)
        return server

    def _connection(self):
        return _Connection(self)

    def sweep(self) -> None:
        """End the connections that have used up their time. To be called each second or so."""
        now = asyncio.get_running_loop().time()
        for connection in [one for one in self.connections if one.deadline < now]:
            connection.end(connection.waits_for)

    def close(self) -> None:
        """Take no more connections, and end those that there are."""
        for server in self._servers:
            server.close()
        for connection in list(self.connections):
            connection.transport.abort()


class _Connection(asyncio.Protocol):
    """One connection: what has come of it and is not answered yet.

    deadline: of the loop's clock. waits_for: what it is ended for then.
    """

    transport: asyncio.Transport

    def __init__(self, server: Server) -> None:
        self._server = server
        self._data = bytearray()
        self._choked = self._waiting = self._over = False
        self._wait("idle", server.bounds.idle_seconds)

    def _wait(self, what: str, seconds: float) -> None:
        self.waits_for = what
        self.deadline = asyncio.get_running_loop().time() + seconds

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection has come."""
        self.transport = transport  # type: ignore[assignment]
        if len(self._server.connections) >= self._server.bounds.connections:
            self._over = True
            self._server.ended("too many")
            self.transport.abort()
            return
        self._server.connections.add(self)

    def connection_lost(self, dummy: Exception | None) -> None:
        """It has ended."""
        self._over = True
        self._server.connections.discard(self)
        self._data.clear()

    def end(self, why: str) -> None:
        """End it at once."""
        self._over = True
        self._server.ended(why)
        self.transport.abort()

    def pause_writing(self) -> None:
        """The other side does not take its answers: it gets no more until it does."""
        self._choked = True
        self.transport.pause_reading()
        self._wait("slow reader", self._server.bounds.seconds)

    def resume_writing(self) -> None:
        """It has taken them."""
        self._choked = False
        self.transport.resume_reading()
        self._wait("slow request", self._server.bounds.seconds)
        self._work()

    def data_received(self, data: bytes) -> None:
        """Something has come."""
        if self._over:
            return
        if not self._data:
            self._wait("slow request", self._server.bounds.seconds)
        self._data += data
        if not self._waiting:
            self._work()

    def _work(self) -> None:
        """Answer what has come as a whole, some of it now and the rest in a moment."""
        self._waiting = False
        for _turn in range(_TURN):
            if self._over or self._choked:
                return
            try:
                request, keep = self._next()
            except Broken as broken:
                self._server.ended(str(broken))
                self._write(Answer(400, str(broken)), keep=False)
                return
            if request is None:
                if not self._data:
                    self._wait("idle", self._server.bounds.idle_seconds)
                return
            try:
                answer = self._server.answer(request)
            except Exception as error:  # whatever it is: it lets nobody in
                self._server.ended(f"fault {type(error).__name__}")
                answer = Answer(500, "a fault of the gate")
            self._wait("slow request", self._server.bounds.seconds)
            self._write(answer, keep, bare=request.method == "HEAD")
        self._waiting = True
        self.transport.pause_reading()
        asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        if not self._over and not self._choked:
            self.transport.resume_reading()
            self._work()

    def _next(self) -> tuple[Request | None, bool]:
        """The next request, None if it is not all there; and whether others may follow."""
        bounds = self._server.bounds
        end = self._data.find(_END, 0, bounds.head)
        if end < 0:
            if len(self._data) >= bounds.head:
                raise Broken("long head")
            return None, True
        request, keep, length = _head(bytes(self._data[:end]), bounds.body)
        begin = end + len(_END)
        if len(self._data) < begin + length:
            return None, True
        body = bytes(self._data[begin : begin + length])
        del self._data[: begin + length]
        return Request(request.method, request.target, request.headers, body), keep

    def _write(self, answer: Answer, keep: bool, bare: bool = False) -> None:
        body = answer.text.encode("utf-8")
        head = (
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n"
            f"Content-Type: {answer.type}\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"Connection: {'keep-alive' if keep else 'close'}\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + (b"" if bare else body))
        if not keep:
            self._over = True
            self._wait("slow reader", self._server.bounds.seconds)
            self.transport.close()


def _head(head: bytes, most: int) -> tuple[Request, bool, int]:
    """A request without its body, whether others may follow, and the length of the body."""
    first, *lines = head.split(b"\r\n")
    request = _REQUEST.fullmatch(first)
    if not request:
        raise Broken("no request")
    headers: dict[str, str | None] = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if not header:
            raise Broken("no header")
        name = header.group(1).decode("ascii").lower()
        value = header.group(2).decode("latin-1").rstrip(" \t")
        headers[name] = None if name in headers else value
    if "transfer-encoding" in headers:
        raise Broken("no length")
    length = headers.get("content-length", "0")
    if length is None or not _LENGTH.fullmatch(length):
        raise Broken("no length")
    if int(length) > most:
        raise Broken("long body")
    method, target, minor = (part.decode("ascii") for part in request.groups())
    said = (headers.get("connection", "") or "").lower()
    keep = said != "close" if minor == "1" else said == "keep-alive"
    return Request(method, target, headers), keep, int(length)


def unix_socket(path: str, mode: int = 0o660) -> socket.socket:
    """A socket at a path, in place of one that an earlier program has left there."""
    try:
        if stat.S_ISSOCK(os.lstat(path).st_mode):
            os.unlink(path)
    except FileNotFoundError:
        pass
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        before = os.umask(0o777 & ~mode)
        try:
            made.bind(path)
        finally:
            os.umask(before)
        made.listen(512)
    except OSError:
        made.close()
        raise
    return made
