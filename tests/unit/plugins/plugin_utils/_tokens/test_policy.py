from __future__ import annotations

from tests.kit.token_tasks import (
    Edge,
    judge,
    mint_one,
    stream,
)


def test_tokens_that_the_policy_does_not_want():
    edge = Edge({"antmedia_app_defaults": {"publish": "hash", "rest_jwt": False}})
    stream(edge, strings=[])
    mint_one(edge, realm="rest", app="LiveApp", strings=[])
    stream(edge, type="play", strings=[])
    stream(edge, kind="hash", strings=[])
    assert edge.warnings == [
        "the policy of this host wants hash for publish, not jwt",
        "the policy of this host wants none for rest, not jwt",
    ]


def test_verified_against_the_policy():
    token = stream()["token"]
    policy = {
        "antmedia_app_defaults": {"publish": "jwt", "rest_jwt": True},
        "antmedia_host_apps": {"LiveApp": {"publish": "one_time"}, "other": {}},
        "antmedia_management_jwt": False,
    }
    result = stream(Edge(policy), run=judge, token=token)
    assert [reason["code"] for reason in result["reasons"]] == ["kind"]
    api = mint_one(realm="management")["token"]
    result = judge(Edge(policy), realm="management", token=api)
    assert [reason["code"] for reason in result["reasons"]] == ["off"]
    jwks = {"antmedia_apps": {"LiveApp": {"settings": {"jwksURL": "https://x.example"}}}}
    result = judge(Edge(jwks), realm="rest", app="LiveApp", token=api)
    assert [reason["code"] for reason in result["reasons"]] == ["jwks", "realm"]
