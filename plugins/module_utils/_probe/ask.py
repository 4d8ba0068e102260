# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Asking a server the questions of :mod:`_controls`.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    answers as _answers,
    controls as _controls,
    rtmp as _rtmp,
    sources as _sources,
    websocket as _websocket,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result
from ansible_collections.streamward.antmedia.plugins.module_utils._server import http as _http

# A server on air has better to do than to answer probes.
AT_ONCE = 4
# How long a server may say that its machine is too busy to take a publisher.
BUSY_SECONDS = 20.0
BUSY_PAUSE = 0.5

_TOKEN_HEADERS = {
    _controls.MANAGEMENT: "ProxyAuthorization",
    _controls.REST_ADDRESS: "Authorization",
    _controls.REST_TOKEN: "Authorization",
    _controls.CLUSTER: "ClusterAuthorization",
}


class Asker:
    """Asks one server.

    :arg http, rtmp: pairs of host and port.
    :kwarg timeout: seconds a single answer may take.
    :kwarg clock: Unix seconds as the server sees them; tokens live by it.
    :kwarg peer: who has to be there, a :class:`_listener.Listener`; None for a server elsewhere.
    """

    def __init__(self, http, rtmp, timeout=10.0, clock=time.time, peer=None):
        self.http = http
        self.rtmp = rtmp
        self.timeout = timeout
        self.clock = clock
        self.peer = peer

    def ask(self, probe):
        """Ask once; returns a :class:`_probe_verdict.Result`."""
        begin = time.monotonic()
        if probe.surface in (_controls.RTMP, _controls.RTMP_KNOWN):
            came, said = self._publish(probe)
        elif probe.surface == _controls.ENTER:
            came, said = self._enter(probe)
        elif probe.surface == _controls.WEBRTC:
            came, said = self._webrtc(probe)
        else:
            came, said = self._http(probe)
        said = _json.words(said)
        return Result(probe, came, said, round((time.monotonic() - begin) * 1000, 1))

    def ask_all(self, probes):
        """Ask several at once; returns the results in the order of the probes."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(self.ask, probes))

    def get(self, probe):
        """Ask over HTTP; returns the :class:`_http.Answer`."""
        headers = {}
        path = probe.path
        if probe.source.way == _sources.FORWARDED:
            headers["X-Forwarded-For"] = probe.source.address
        if probe.surface in _TOKEN_HEADERS and probe.token:
            headers[_TOKEN_HEADERS[probe.surface]] = probe.token.text(self.clock())
        elif probe.surface == _controls.HLS:
            path += _query(probe, self.clock())
        host, port = self.http
        return _http.request(
            port,
            "GET",
            path,
            host=host,
            source=_bind(probe),
            headers=headers,
            timeout=self.timeout,
            peer=self.peer,
        )

    def _http(self, probe):
        return _answers.http(probe.surface, self.get(probe))

    def _session(self, probe):
        return _rtmp.Session(self.rtmp, _bind(probe), self.timeout, self.peer)

    def _enter(self, probe):
        try:
            with self._session(probe) as session:
                session.connect(probe.stream)
        except _rtmp.RtmpError as error:
            return _answers.UNCLEAR, error.reason
        return _controls.LET_IN, "NetConnection.Connect.Success"

    def _publish(self, probe):
        limit = time.monotonic() + BUSY_SECONDS
        # An application's name is the first part of the path, the stream is behind it.
        app, _slash, stream = probe.stream.partition("/")
        while True:
            try:
                with self._session(probe) as session:
                    session.connect(app)
                    verdict, said = session.may_publish(stream + _query(probe, self.clock()))
            except _rtmp.RtmpError as error:
                return _answers.UNCLEAR, error.reason
            if verdict != "busy" or time.monotonic() > limit:
                return _answers.rtmp(probe.surface, verdict, said)
            time.sleep(BUSY_PAUSE)

    def _webrtc(self, probe):
        message = {"command": "play", "streamId": probe.stream, "token": ""}
        if probe.token:
            message["token"] = probe.token.text(self.clock())
        try:
            answer = _websocket.ask(
                self.http, probe.path, message, _bind(probe), self.timeout, self.peer
            )
        except _websocket.WebSocketError as error:
            return _answers.UNCLEAR, str(error)
        return _answers.webrtc(answer)


def _bind(probe):
    source = probe.source
    return source.address if source.way == _sources.DIRECT else source.peer or None


def _query(probe, now):
    parts = ["token=" + quote(probe.token.text(now), safe="")] if probe.token else []
    parts.extend(filter(None, [probe.extra]))
    return "?" + "&".join(parts) if parts else ""


def own_addresses(path="/proc/net/fib_trie"):
    """IPv4 addresses of this host besides those of its loopback, as texts."""
    try:
        with open(path, encoding="ascii", errors="replace") as stream:
            text = stream.read()
    except OSError:
        return ()
    found = re.findall(r"\|-- ([0-9.]+)\n\s+/32 host LOCAL", text)
    return tuple(sorted({address for address in found if not address.startswith("127.")}))


def asked(probe):
    """A question in words, without its token."""
    place = "" if probe.source.way == _sources.VANTAGE else " from " + str(probe.source)
    if probe.surface in (_controls.RTMP, _controls.RTMP_KNOWN):
        what = "publish rtmp /{0}".format(probe.stream)
    elif probe.surface == _controls.ENTER:
        what = "enter rtmp /{0}".format(probe.stream)
    elif probe.surface == _controls.WEBRTC:
        what = "play websocket {0}".format(probe.path)
    else:
        what = "GET {0}".format(probe.path)
    return what + place
