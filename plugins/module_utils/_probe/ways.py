# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ways to put a question to a server: each sends one probe and returns what came back.

A way raises :class:`NoAnswer` if nothing came that anybody could read.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import socket
import time
from dataclasses import dataclass
from typing import Any, Callable
from urllib.parse import quote

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    rtmp as _rtmp,
    websocket as _websocket,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Probe
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    DIRECT,
    FORWARDED,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    certificate as _certificate,
    http as _http,
    link as _link,
    listener as _listener,
    tls as _tls,
)

# How long a server may say that its machine is too busy to take a publisher.
BUSY_SECONDS = 20.0
BUSY_PAUSE = 0.5
# A port that a firewall closes says nothing at all.
CONNECT_SECONDS = 5.0


class NoAnswer(OSError):
    """Nothing came that could be read; the text says why."""


@dataclass
class Server:
    """Where a server is.

    http, rtmp, rtmps: pairs of host and port. timeout: seconds a single answer may take. clock:
    Unix seconds as the server sees them; tokens live by it. peer: who has to be there; None for a
    server elsewhere. tls: speaks TLS on a connection for HTTP; None for none.
    """

    http: tuple[str, int]
    rtmp: tuple[str, int]
    timeout: float = 10.0
    clock: Callable[[], float] = time.time
    peer: _listener.Listener | None = None
    rtmps: tuple[str, int] = ("", 0)
    tls: Callable[[_link.Link, str], _tls.Link] | None = None


def get(server: Server, probe: Probe) -> _http.Answer:
    """GET a path over HTTP."""
    headers = {}
    if probe.source.way == FORWARDED:
        headers["X-Forwarded-For"] = probe.source.address
    if probe.surface.header and probe.token:
        headers[probe.surface.header] = probe.token.text(server.clock())
    host, port = server.http
    return _http.request(
        port,
        "GET",
        probe.path + _query(server, probe),
        host=host,
        source=_bind(probe),
        headers=headers,
        timeout=server.timeout,
        peer=server.peer,
        tls=server.tls,
    )


def handshake(server: Server, probe: Probe) -> _certificate.Certificate:
    """Look at the certificate of a host, ``stream``, at a port, ``path``."""
    try:
        return _certificate.look(probe.stream, int(probe.path), server.timeout)
    except OSError as error:
        raise NoAnswer(getattr(error, "strerror", None) or str(error)) from error


def connect(server: Server, probe: Probe) -> bool:
    """Whether a host, ``stream``, takes a connection at a port, ``path``."""
    try:
        socket.getaddrinfo(probe.stream, int(probe.path))
    except OSError as error:
        raise NoAnswer(f"{probe.stream}: {error.strerror}") from error
    return takes(probe.stream, int(probe.path))


def takes(host: str, port: int) -> bool:
    """Whether a host takes a connection at a port."""
    try:
        _link.connect(host, port, CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def enter(server: Server, probe: Probe) -> str:
    """Enter an application over RTMP and leave."""
    with _session(server, probe) as session:
        session.connect(probe.stream)
    return "NetConnection.Connect.Success"


def publish(server: Server, probe: Probe) -> tuple[str, str]:
    """Ask over RTMP whether one may publish, again while the machine is too busy to say."""
    return _rtmp_verdict(server, probe, _rtmp.Session.may_publish)


def publish_tls(server: Server, probe: Probe) -> tuple[str, str]:
    """The same over TLS."""
    return _rtmp_verdict(server, probe, _rtmp.Session.may_publish, tls=True)


def play(server: Server, probe: Probe, tls: bool = False) -> tuple[str, str]:
    """Ask over RTMP whether one may play, again while the machine is too busy to say."""
    try:
        return _rtmp_verdict(server, probe, _rtmp.Session.may_play, tls)
    except NoAnswer as error:
        cause = error.__cause__
        if cause and isinstance(cause.__cause__, ConnectionRefusedError):
            return "refused", "nothing listens there"
        raise


def play_tls(server: Server, probe: Probe) -> tuple[str, str]:
    """The same over TLS."""
    return play(server, probe, tls=True)


def _rtmp_verdict(server, probe, ask, tls=False):
    limit = time.monotonic() + BUSY_SECONDS
    # An application's name is the first part of the path, the stream is behind it.
    app, _slash, stream = probe.stream.partition("/")
    while True:
        query = _query(server, probe)
        with _session(server, probe, tls) as session:
            session.connect(app)
            verdict, said = ask(session, stream + query)
        if verdict != "busy" or time.monotonic() > limit:
            # A server may repeat the name that it was asked for, with the token behind it.
            return verdict, said.replace(query, "") if query else said
        time.sleep(BUSY_PAUSE)


def play_websocket(server: Server, probe: Probe) -> dict[str, Any]:
    """Ask a WebSocket to play a stream."""
    return _websocket_says(server, probe, "play")


def publish_websocket(server: Server, probe: Probe) -> dict[str, Any]:
    """Ask a WebSocket to publish a stream; hangs up on whoever is let in."""
    return _websocket_says(server, probe, "publish")


def _websocket_says(server, probe, command):
    token = probe.token.text(server.clock()) if probe.token else ""
    message = {"command": command, "streamId": probe.stream, "token": token}
    try:
        return _websocket.ask(
            server.http, probe.path, message, _bind(probe), server.timeout, server.peer
        )
    except _websocket.NoWebSocket as error:
        return {"command": str(error), "definition": error.body.decode("utf-8", "replace")}
    except _websocket.WebSocketError as error:
        raise NoAnswer(str(error)) from error


@contextlib.contextmanager
def _session(server, probe, tls=False):
    place = server.rtmps if tls else server.rtmp
    try:
        with _rtmp.Session(place, _bind(probe), server.timeout, server.peer, tls) as session:
            yield session
    except _rtmp.RtmpError as error:
        raise NoAnswer(error.reason) from error


def _bind(probe):
    source = probe.source
    return source.address if source.way == DIRECT else source.peer or None


def _query(server, probe):
    if not probe.surface.query:
        return ""
    token = quote(probe.token.text(server.clock()), safe="") if probe.token else ""
    parts = [*([f"token={token}"] if probe.token else []), *filter(None, [probe.extra])]
    return "?" + "&".join(parts) if parts else ""
