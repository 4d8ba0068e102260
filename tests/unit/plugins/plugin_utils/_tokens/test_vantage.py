from __future__ import annotations

import hashlib

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import vantage as _vantage

NOW = 1_800_000_000
SECRETS = {
    "app_defaults": {"rest": "r" * 32, "stream": "s" * 32, "hash": "h" * 32},
    "apps": {"events": {"rest": "e" * 32}},
}


def app(**known):
    return {"rest_token": True, "publisher": "192.0.2.0/24", "publish_token": ["jwt"], **known}


def mint(secrets=SECRETS, **apps):
    plan, tokens = _vantage.prepare({"panel": None, "apps": apps}, secrets, NOW)
    assert plan["panel"] is None and set(plan["apps"]) == set(apps)
    return plan["apps"], tokens


def claims(token, secret):
    return jwt.decode(token, secret, ["HS256"], options={"verify_exp": False})


def test_tokens_that_live_for_two_minutes():
    plan, tokens = mint(LiveApp=app(), events=app())
    assert claims(tokens["LiveApp"]["rest"], "r" * 32) == {"exp": NOW + 120}
    assert claims(tokens["events"]["rest"], "e" * 32) == {"exp": NOW + 120}
    cases = tokens["events"]["publish"]
    assert claims(cases["a good token"], "s" * 32) == {
        "streamId": plan["events"]["stream"],
        "type": "publish",
        "exp": NOW + 120,
    }
    assert claims(cases["an expired token"], "s" * 32)["exp"] < NOW
    assert len(cases) == 6 and all(token.count(".") == 2 for token in cases.values())


def test_a_hash():
    plan, tokens = mint(LiveApp=app(publish_token=["hash"]))
    text = plan["LiveApp"]["stream"] + "publish" + "h" * 32
    good = hashlib.sha256(text.encode()).hexdigest()
    assert tokens["LiveApp"]["publish"]["a good token"] == good


def test_only_what_is_asked_for():
    assert mint(LiveApp=app(rest_token=False, publisher=None))[1] == {}
    assert set(mint(LiveApp=app(publisher=None))[1]["LiveApp"]) == {"rest"}
    assert set(mint(LiveApp=app(publish_token=["one_time"]))[1]["LiveApp"]) == {"rest"}
    assert set(mint(LiveApp=app(publish_token=[]))[1]["LiveApp"]) == {"rest"}


def test_no_secret_no_token():
    assert mint({}, LiveApp=app())[1] == {}


# --- the front that people use ---


def test_nobody_has_said_where_people_reach_it():
    for given in (None, {}, ""):
        assert _vantage.front(given, "media1.example.net") is None


def test_a_front_by_tls():
    given = {"host": "live.example.org", "https_port": 443, "srt_port": None}
    assert _vantage.front(given, "10.0.0.5") == {
        "host": "live.example.org",
        "tls": True,
        "port": 443,
        "rtmps_port": 0,
        "named": ["https_port"],
    }


def test_what_the_variable_does_not_say():
    assert _vantage.front({"rtmps": True}, "media1.example.net") == {
        "host": "media1.example.net",
        "tls": True,
        "port": 5443,
        "rtmps_port": 8443,
        "named": ["https_port", "rtmps_port"],
    }
    loopback = _vantage.front({"rtmp_port": 1935}, "127.0.0.1")
    assert (loopback["tls"], loopback["port"]) == (False, 5080)
    assert loopback["named"] == ["http_port", "rtmp_port"]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("live.example.org", "antmedia_endpoint: must be a mapping"),
        ({"host": "https://live.example.org/"}, "endpoint.host: "),
        ({"port": 443}, "endpoint.port: is not known"),
        ({"https_port": 0}, "endpoint.https_port: 0 is not a port"),
    ],
)
def test_what_is_no_front(given, fault):
    with pytest.raises(ValueError, match=fault):
        _vantage.front(given, "media1.example.net")
