# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the gate answers to whom: fronts that ask for a player, the server's hook, and onlookers.

    GET  /ask              may this player have it: 200 or 403; headers X-Gate-Target (the request's
                           target as it was sent), X-Gate-Method and X-Gate-Address
    GET  /ask/forwarded    the same in the words of Traefik and Caddy: X-Forwarded-Uri, -Method
                           and -For
    POST /publish/APP      the server's hook of an application: 200 or 403
    GET  /metrics, /state  for Prometheus, and for people

The words of one front mean nothing at the address of another: whoever asks that one may have sent
them. PRIVATE to the collection.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.doors import PLAY, PUBLISH
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    answers as _answers,
    decide as _decide,
    hook as _hook,
    paths as _paths,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.answers import (
    Answer,
    Request,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.desk import Desk

METHODS = ("GET", "HEAD", "OPTIONS")
_METRICS = "text/plain; version=0.0.4; charset=utf-8"
_PUBLISH = re.compile("/publish/([A-Za-z0-9_.-]{1,100})", re.ASCII)


@dataclass(frozen=True)
class Words:
    """The headers in which a front says what a player wants."""

    target: str
    method: str
    address: str


FRONTS = {
    "/ask": Words("x-gate-target", "x-gate-method", "x-gate-address"),
    "/ask/forwarded": Words("x-forwarded-uri", "x-forwarded-method", "x-forwarded-for"),
}


class Routes:
    """The answers of a gate."""

    def __init__(self, desk: Desk, more: Callable[[], dict[str, Any]] = dict) -> None:
        """:kwarg more: what there is to know beside the desk's own state."""
        self._desk, self._more = desk, more

    def answer(self, request: Request) -> Answer:
        """The answer to a request."""
        publish = _PUBLISH.fullmatch(request.target)
        if publish:
            wanted, answer = "POST", self._publisher
        elif request.target in FRONTS:
            wanted, answer = "GET", self._player
        elif request.target == "/metrics":
            wanted, answer = "GET", self._metrics
        elif request.target == "/state":
            wanted, answer = "GET", self._state
        else:
            return Answer(404, "no such thing")
        return answer(request) if request.method == wanted else Answer(405, "not so")

    def _player(self, request):
        words = FRONTS[request.target]
        target, method = (request.headers.get(name) for name in (words.target, words.method))
        address = (request.headers.get(words.address) or "").rpartition(",")[2].strip() or None
        if target is None or method is None:
            return Answer(400, "no question")
        policy = self._desk.policy
        try:
            if method not in METHODS:
                raise _paths.NotMedia("method")
            media = _paths.read(target, policy.version if policy else ())
        except _paths.NotMedia as fault:
            app = target[1:].partition("/")[0].partition("?")[0]
            nothing = _decide.Ask(PLAY, app, "", None, address, _decide.HTTP)
            return _said(self._desk.refuse(nothing, str(fault)))
        ask = _decide.Ask(PLAY, media.app, media.stream, media.token, address, _decide.HTTP)
        return _said(self._desk.decide(ask))

    def _publisher(self, request):
        app = request.target.rpartition("/")[2]
        try:
            return _said(self._desk.decide(_hook.read(app, request.body)))
        except _hook.Unread as fault:
            nothing = _decide.Ask(PUBLISH, app, "", None, None, _decide.HOOK)
            return _said(self._desk.refuse(nothing, str(fault)))

    def _metrics(self, _request):
        return Answer(200, self._desk.counts.text(), _METRICS)

    def _state(self, _request):
        state = {"format": 1, **self._desk.state(), **self._more()}
        return Answer(200, json.dumps(state, indent=2) + "\n", "application/json")


def _said(verdict):
    return Answer(200) if verdict.allowed else Answer(403, f"{verdict.reason}\n", _answers.TEXT)
