from __future__ import annotations

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint

from tests.kit.token_tasks import (
    NOW,
    REST,
    STREAM,
    Edge,
    faults,
    mint_one,
    stream,
)


def test_single():
    edge = Edge({"antmedia_endpoint": {"host": "live.example.org"}})
    result = stream(edge, lifetime="2h")
    assert jwt.decode(result["token"], STREAM, ["HS256"], options={"verify_exp": False}) == {
        "streamId": "stream1",
        "type": "publish",
        "exp": NOW + 7200,
    }
    assert result["fingerprint"] == fingerprint(STREAM)
    assert result["secret_origin"] == "antmedia_secrets.apps.LiveApp.stream"
    assert result["strings"]["rtmp"].startswith("rtmp://live.example.org/LiveApp/stream1?token=")
    assert result["changed"] is False
    assert result["_ansible_no_log"] is True
    assert not any(result["token"] in text for text in edge.warnings + edge.said + edge.told)


def test_exposed():
    assert "_ansible_no_log" not in stream(expose=True)


def test_api_realms():
    rest = mint_one(realm="rest", app="LiveApp")
    assert jwt.decode(rest["token"], REST, ["HS256"], options={"verify_exp": False}) == {
        "exp": NOW + 3600
    }
    management = mint_one(realm="management")
    assert management["strings"]["header"] == f"ProxyAuthorization: {management['token']}"


def test_kinds():
    assert len(stream(kind="hash")["token"]) == 64
    secret = "JBSWY3DPEHPK3PXP"
    result = stream(kind="totp", subscriber="sub1", subscriber_secret=secret)
    assert len(result["token"]) == 6
    assert "fingerprint" not in result
    assert "subscriberCode=" + result["token"] in result["strings"]["rtmp"]
    assert (
        "base32"
        in faults(
            mint_one,
            kind="totp",
            subscriber="sub1",
            subscriber_secret="x",
            app="LiveApp",
            stream="s",
            type="play",
        )[0]
    )


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"show": True}, "needs expose: true"),
        ({"kind": "one_time"}, "set source: server"),
        ({"kind": "hash", "source": "server"}, "the server makes jwt, one_time and totp tokens"),
        ({"realm": "rest", "source": "server"}, "the server makes"),
        ({"totp_period": 0}, "totp_period"),
        ({"vod_file": "../x"}, "vod_file"),
    ],
)
def test_mixes(args, words):
    assert words in faults(mint_one, **{"app": "LiveApp", "type": "play", **args})[0]


def test_check_mode():
    assert stream(Edge(check_mode=True))["token"]
    edge = Edge(check_mode=True)
    result = stream(edge, kind="one_time", source="server")
    assert (result["changed"], edge.asked) == (True, [])


def test_check_mode_predicts_what_the_server_would_be_asked():
    args = {"kind": "one_time", "source": "server"}
    assert stream(Edge(check_mode=True), **args)["expires"] == NOW + 3600
    (fault,) = faults(stream, Edge(check_mode=True), **args, lifetime="none")
    assert "without an end" in fault
