"""The gate's answers over HTTP: every front in its own words, the hook, and what onlookers see."""

from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    desk as _desk,
    routes as _routes,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.answers import Request
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256

from .conftest import NOW, SECRET

PATH = "/LiveApp/streams/s1.m3u8"


def token(direction="play"):
    return _hs256.sign({"streamId": "s1", "type": direction, "exp": NOW + 60}, SECRET)


GOOD = f"{PATH}?token={token()}"


@pytest.fixture
def said():
    return []


@pytest.fixture
def desk(said, text):
    desk = _desk.Desk(said.append, lambda: NOW)
    desk.take(text)
    said.clear()
    return desk


@pytest.fixture
def routes(desk):
    return _routes.Routes(desk, lambda: {"listening": {"rtmp": 1935}})


@pytest.fixture
def ask(routes):
    def ask(target=GOOD, method="GET", address="203.0.113.7", **more):
        headers = {
            "x-gate-target": target,
            "x-gate-method": method,
            "x-gate-address": address,
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        headers = {name: value for name, value in headers.items() if value is not ...}
        answer = routes.answer(Request("GET", "/ask", headers))
        return answer.status, answer.text.strip()

    return ask


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, (200, "")),
        ({"method": "HEAD"}, (200, "")),
        ({"method": "OPTIONS"}, (200, "")),
        ({"method": "POST"}, (403, "method")),
        ({"method": "PUT"}, (403, "method")),
        ({"method": "get"}, (403, "method")),
        ({"method": ""}, (403, "method")),
        ({"method": ...}, (400, "no question")),
        ({"method": None}, (400, "no question")),
        ({"target": ...}, (400, "no question")),
        ({"target": None}, (400, "no question")),
        ({"target": ""}, (403, "no plain path")),
        ({"target": PATH}, (403, "no token")),
        ({"target": f"{PATH}?token={token('publish')}"}, (403, "wrong direction")),
        ({"target": f"{GOOD}&token=x"}, (403, "several tokens")),
        ({"target": GOOD.replace("s1.m3u8", "s2.m3u8")}, (403, "wrong stream")),
        ({"target": GOOD.replace("LiveApp", "nowhere")}, (403, "unknown application")),
        ({"target": GOOD.replace("/streams/", "/streams//")}, (403, "no plain path")),
        ({"target": GOOD.replace("streams", "previews")}, (403, "no media")),
        ({"target": "/open/streams/s1.m3u8"}, (200, "")),
        ({"target": "/open/streams/../s1.m3u8"}, (403, "no plain path")),
        ({"target": "/open/streams/s1.mkv"}, (403, "no media")),
        ({"address": ...}, (200, "")),
        ({"address": None}, (200, "")),
    ],
)
def test_players(ask, asked, told):
    assert ask(**asked) == told


def test_the_words_of_another_front_mean_nothing(routes, ask):
    forwarded = {"x_forwarded_uri": GOOD, "x_forwarded_method": "GET"}
    assert ask(PATH, **forwarded) == (403, "no token")
    assert ask(..., ..., **forwarded) == (400, "no question")
    gate = {"x-gate-target": GOOD, "x-gate-method": "GET"}
    other = {"x-forwarded-uri": PATH, "x-forwarded-method": "GET"}
    assert routes.answer(Request("GET", "/ask/forwarded", {**gate, **other})).status == 403
    assert routes.answer(Request("GET", "/ask/forwarded", gate)).status == 400
    other["x-forwarded-uri"] = GOOD
    assert routes.answer(Request("GET", "/ask/forwarded", other)).status == 200


def test_the_address_is_the_last_that_was_added(routes, said):
    headers = {
        "x-forwarded-uri": PATH,
        "x-forwarded-method": "GET",
        "x-forwarded-for": "198.51.100.7, 203.0.113.9",
    }
    routes.answer(Request("GET", "/ask/forwarded", headers))
    assert said == ["refused: play LiveApp/s1 by http from 203.0.113.9: no token"]


def test_viewers_are_told_apart_by_address(desk, ask, plain):
    plain["applications"]["LiveApp"]["viewers_per_token"] = 1
    desk.take(json.dumps(plain))
    assert ask(address="a")[0] == 200
    assert ask(address="b") == (403, "too many viewers")
    assert ask(address=...) == (403, "too many viewers")


def test_no_token_in_the_log(ask, said):
    for target in (f"{PATH}?token=x&token={token()}", f"/{token()}/x", f"/{token()}?x",
                   f"{PATH}/{token()}", f"/LiveApp/streams/{token()}.m3u8"):  # fmt: skip
        ask(target)
    assert len(said) == 5
    assert not any(part in line for line in said for part in token().split("."))


BODY = {"appName": "LiveApp", "streamId": "s1", "name": "s1", "mode": "live"}


@pytest.mark.parametrize(
    ("target", "body", "told"),
    [
        ("/publish/LiveApp", {"queryParams": f"{{token={token('publish')}}}"}, (200, "")),
        ("/publish/LiveApp", {"queryParams": f"{{token={token()}}}"}, (403, "wrong direction")),
        ("/publish/LiveApp", {}, (403, "no token")),
        ("/publish/LiveApp", {"appName": "open"}, (403, "another scope")),
        ("/publish/open", {"appName": "open"}, (200, "")),
        ("/publish/open", {}, (403, "another scope")),
        ("/publish/nowhere", {"appName": "nowhere"}, (403, "unknown application")),
        ("/publish/", {}, (404, "no such thing")),
        ("/publish/LiveApp/x", {}, (404, "no such thing")),
        ("/publish/LiveApp?x", {}, (404, "no such thing")),
    ],
)
def test_the_hook(routes, target, body, told):
    request = Request("POST", target, {}, json.dumps({**BODY, **body}).encode())
    answer = routes.answer(request)
    assert (answer.status, answer.text.strip()) == told


def test_a_hook_that_is_asked_something_else(routes, said):
    assert routes.answer(Request("POST", "/publish/LiveApp", {}, b"{")).status == 403
    assert said == ["refused: publish LiveApp by hook: not the server's question"]


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/ask/", 404),
        ("GET", "/ask?x", 404),
        ("GET", "/ask/other", 404),
        ("POST", "/ask", 405),
        ("HEAD", "/ask", 405),
        ("GET", "/publish/LiveApp", 405),
        ("PUT", "/publish/LiveApp", 405),
        ("POST", "/metrics", 405),
        ("POST", "/state", 405),
        ("GET", "/metrics", 200),
        ("GET", "/state", 200),
        ("GET", "/policy", 404),
    ],
)
def test_what_there_is(routes, method, target, status):
    assert routes.answer(Request(method, target, {})).status == status


def test_onlookers(routes, ask, desk):
    ask()
    state = routes.answer(Request("GET", "/state", {}))
    assert state.type == "application/json"
    found = json.loads(state.text)
    assert found["open"] is True
    assert found["format"] == 1
    assert found["listening"] == {"rtmp": 1935}
    metrics = routes.answer(Request("GET", "/metrics", {}))
    assert metrics.type == "text/plain; version=0.0.4; charset=utf-8"
    assert metrics.text == desk.counts.text()
    assert "test-only" not in state.text + metrics.text


def test_without_a_policy_everybody_is_refused(desk, routes, ask):
    desk.take(None, "gone")
    assert ask() == (403, "no policy")
    assert ask("/open/streams/s1.m3u8") == (403, "no policy")
    body = json.dumps({**BODY, "appName": "open"}).encode()
    assert routes.answer(Request("POST", "/publish/open", {}, body)).text == "no policy\n"
    assert json.loads(routes.answer(Request("GET", "/state", {})).text)["why"] == "gone"
