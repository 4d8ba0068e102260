from __future__ import annotations

import hashlib

import jwt
from ansible_collections.streamward.antmedia.plugins.plugin_utils import _vantage_tokens

NOW = 1_800_000_000
SECRETS = {
    "app_defaults": {"rest": "r" * 32, "stream": "s" * 32, "hash": "h" * 32},
    "apps": {"events": {"rest": "e" * 32}},
}


def app(**known):
    return {"rest_token": True, "publisher": "192.0.2.0/24", "publish_token": ["jwt"], **known}


def mint(secrets=SECRETS, **apps):
    return _vantage_tokens.mint({"apps": apps}, secrets, NOW)


def claims(token, secret):
    return jwt.decode(token, secret, ["HS256"], options={"verify_exp": False})


def test_tokens_that_live_for_two_minutes():
    tokens = mint(LiveApp=app(), events=app())
    assert claims(tokens["LiveApp"]["rest"], "r" * 32) == {"exp": NOW + 120}
    assert claims(tokens["events"]["rest"], "e" * 32) == {"exp": NOW + 120}
    cases = {case: (expected, token) for case, expected, token in tokens["events"]["publish"]}
    assert claims(cases["a good token"][1], "s" * 32) == {
        "streamId": tokens["events"]["stream"],
        "type": "publish",
        "exp": NOW + 120,
    }
    assert claims(cases["an expired token"][1], "s" * 32)["exp"] < NOW
    assert cases["no token"] == ("refused", "")
    assert sum(expected == "let in" for expected, _token in cases.values()) == 1


def test_a_hash():
    found = mint(LiveApp=app(publish_token=["hash"]))["LiveApp"]
    text = found["stream"] + "publish" + "h" * 32
    good = hashlib.sha256(text.encode()).hexdigest()
    assert ["a good token", "let in", good] in found["publish"]


def test_only_what_is_asked_for():
    assert mint(LiveApp=app(rest_token=False, publisher=None)) == {}
    assert set(mint(LiveApp=app(publisher=None))["LiveApp"]) == {"rest"}
    assert set(mint(LiveApp=app(publish_token=["one_time"]))["LiveApp"]) == {"rest"}
    assert set(mint(LiveApp=app(publish_token=[]))["LiveApp"]) == {"rest"}


def test_no_secret_no_token():
    assert mint({}, LiveApp=app()) == {}
