from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    surfaces as _surfaces,
    ways as _ways,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Probe
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import Source
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import Plain

VERSION = (200, {"versionName": "2.17.1"})
NEAR = Source("127.0.0.9", "direct")
FAR = Source("203.0.113.77", "forwarded")
BEHIND = Source("203.0.113.77", "forwarded", "127.0.0.9")
VANTAGE = Source("192.0.2.1", "vantage")


@pytest.mark.parametrize(
    ("source", "peer", "forwarded"),
    [
        (NEAR, "127.0.0.9", None),
        (FAR, "127.0.0.1", "203.0.113.77"),
        (BEHIND, "127.0.0.9", "203.0.113.77"),
        (VANTAGE, "127.0.0.1", None),
    ],
)
def test_where_a_request_comes_from(asker, web, source, peer, forwarded):
    web.answers["GET", "/rest/v2/liveness"] = (200, {"status": "ok"})
    result = asker.ask(Probe("c", "let in", _surfaces.PANEL, source, path="/rest/v2/liveness"))
    assert result.right and result.milliseconds > 0
    (request,) = web.requests
    assert request["source"] == peer
    assert request["headers"].get("X-Forwarded-For") == forwarded


@pytest.mark.parametrize(
    ("surface", "header"),
    [
        (_surfaces.MANAGEMENT, "ProxyAuthorization"),
        (_surfaces.REST_TOKEN, "Authorization"),
        (_surfaces.REST_ADDRESS, "Authorization"),
        (_surfaces.CLUSTER, "ClusterAuthorization"),
    ],
)
def test_where_a_token_goes(asker, web, surface, header):
    web.answers["GET", "/x"] = VERSION
    assert asker.ask(Probe("c", "let in", surface, token=Plain("T"), path="/x")).right
    asker.ask(Probe("c", "let in", surface, path="/x"))
    first, second = (request["headers"] for request in web.requests)
    assert first[header] == "T"
    # An empty header is not the same as none: some versions refuse it.
    assert not {"Authorization", "ProxyAuthorization", "ClusterAuthorization", "Cookie"} & set(
        second
    )


def test_a_player_asks_with_its_token_and_without_a_cookie(asker, web):
    probe = Probe("c", "let in", _surfaces.HLS, token=Plain("a+b"), path="/LiveApp/streams/x.m3u8")
    assert asker.ask(probe).came == "let in"
    assert web.paths() == ["GET /LiveApp/streams/x.m3u8?token=a%2Bb"]
    assert "Cookie" not in web.requests[0]["headers"]


def test_a_subscriber(asker, web):
    asker.ask(Probe("c", "refused", _surfaces.HLS, path="/x", extra="subscriberId=s"))
    assert web.paths() == ["GET /x?subscriberId=s"]


def test_a_publisher(asker, rtmp):
    rtmp.publish = lambda app, stream, peer: "accepted" if "token=T" in stream else "refused"
    good = Probe("c", "let in", _surfaces.RTMP, NEAR, Plain("T"), stream="LiveApp/x")
    bad = Probe("c", "refused", _surfaces.RTMP, NEAR, stream="LiveApp/x")
    assert [result.right for result in asker.ask_all([good, bad])] == [True, True]
    assert sorted(rtmp.asked) == [
        ("LiveApp", "x", "127.0.0.9", 7),
        ("LiveApp", "x?token=T", "127.0.0.9", 7),
    ]


def test_a_player_over_rtmp(asker, rtmp):
    rtmp.play = lambda app, stream, peer: "accepted" if "token=T" in stream else "refused"
    good = Probe("c", "let in", _surfaces.RTMP_PLAY, NEAR, Plain("T"), stream="LiveApp/x")
    bad = Probe("c", "refused", _surfaces.RTMP_PLAY, NEAR, stream="LiveApp/x")
    assert [result.right for result in asker.ask_all([good, bad])] == [True, True]


def test_a_token_that_a_server_repeats_is_not_told(asker, rtmp):
    probe = Probe("c", "let in", _surfaces.RTMP_PLAY, token=Plain("eyJ-T"), stream="LiveApp/x")
    result = asker.ask(probe)
    assert result.answer == "NetStream.Play.Reset: of x"


def test_nobody_plays_where_nothing_listens(asker, rtmp):
    rtmp.close()
    probe = Probe("c", "refused", _surfaces.RTMP_PLAY, stream="LiveApp/x")
    assert asker.ask(probe).came == "refused"
    assert asker.ask(Probe("c", "refused", _surfaces.RTMP, stream="LiveApp/x")).came == "unclear"


def test_rtmps(asker, rtmp, tls_front):
    asker.rtmps = ("127.0.0.1", tls_front(rtmp.port))
    asker.rtmp = ("127.0.0.1", 1)  # where nobody is
    rtmp.play = rtmp.publish = lambda app, stream, peer: "refused"
    for name in ("rtmps", "rtmps-play"):
        probe = Probe("c", "refused", _surfaces.SURFACES[name], stream="LiveApp/x")
        result = asker.ask(probe)
        assert (result.came, result.answer == "nothing listens there") == ("refused", False), name
    asker.rtmps = ("127.0.0.1", rtmp.port)  # which speaks no TLS
    probe = Probe("c", "refused", _surfaces.SURFACES["rtmps"], stream="LiveApp/x")
    assert asker.ask(probe).came == "unclear"


def test_a_busy_server_is_asked_again(asker, rtmp, monkeypatch):
    monkeypatch.setattr(_ways, "BUSY_PAUSE", 0.01)
    busy = {"code": "NetStream.Failed", "description": "current system resources not enough"}
    answers = iter([busy, busy, "refused"])
    rtmp.publish = lambda *_asked: next(answers)
    assert asker.ask(Probe("c", "refused", _surfaces.RTMP, stream="LiveApp/x")).right
    monkeypatch.setattr(_ways, "BUSY_SECONDS", 0.05)
    rtmp.publish = lambda *_asked: busy
    assert asker.ask(Probe("c", "refused", _surfaces.RTMP, stream="LiveApp/x")).came == "unclear"
