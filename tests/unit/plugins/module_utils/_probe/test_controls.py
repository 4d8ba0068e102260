from __future__ import annotations

import hashlib
import re

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import compile as _compile
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    controls as _controls,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    LET_IN,
    REFUSED,
)

NOW = 1_800_000_000
CLUSTER = "cLuster-key-0123456789-abcdefghij-xx"


@pytest.fixture
def compile_(fake):
    """Controls by name of a policy given as keywords, of the application LiveApp."""

    def controls(on=None, options=None, app="LiveApp", cluster=None, **policy):
        policy.setdefault("secrets", {"app_defaults": fake.SECRETS, **fake.SECRETS})
        policy["secrets"] = {
            "management": fake.SECRETS["management"],
            "app_defaults": {k: v for k, v in fake.SECRETS.items() if k != "management"},
            **({"cluster": cluster} if cluster else {}),
        }
        policy.update(unenforceable="warn", allow_lockout=True)
        installation = fake.installation(**(on or {}))
        wanted = _compile.compile_policy(policy, installation)
        found = _controls.compile_probes(wanted, installation, options)
        return {control.name: control for control in found if control.app in ("", app)}

    return controls


def cases(control):
    return {probe.case: probe.expected for probe in control.probes}


def claims(probe):
    return jwt.decode(probe.token.text(NOW), options={"verify_signature": False})


def test_nothing_asked_for_nothing_asked(compile_):
    assert compile_() == {}


def test_what_the_policy_does_not_name_is_not_proved(compile_):
    assert set(compile_(apps={"events": {"rest_jwt": True}})) == set()
    assert set(compile_(apps={"events": {"rest_jwt": True}}, app="events")) == {"rest-jwt"}


def test_the_panel_by_address(compile_):
    control = compile_(dashboard_cidrs=["127.0.0.1"])["panel-address"]
    assert {p.path for p in control.probes} == {"/rest/v2/liveness"}
    assert [p.source.address for p in control.probes if p.expected == LET_IN] == ["127.0.0.1"]
    old = compile_(on={"version": "2.4.3"}, dashboard_cidrs=["127.0.0.1"])["panel-address"]
    assert {p.path for p in old.probes} == {"/rest/v2/first-login-status"}


def test_management_tokens_from_inside_the_panels_list(compile_, fake):
    control = compile_(dashboard_cidrs=["203.0.113.0/24"], management_jwt=True)["management-jwt"]
    assert cases(control) == {
        "no token": REFUSED,
        "a good token": LET_IN,
        "an expired token": REFUSED,
        "a token of a wrong key": REFUSED,
        "an unsigned token": REFUSED,
    }
    assert {p.source.address for p in control.probes} == {"203.0.113.77"}
    good = next(p for p in control.probes if p.expected == LET_IN)
    assert jwt.decode(
        good.token.text(NOW),
        fake.SECRETS["management"],
        ["HS256"],
        options={"verify_exp": False},
    ) == {"exp": NOW + 60}


def test_management_tokens_that_are_not_wanted_are_refused(compile_):
    control = compile_(management_jwt=False)["management-jwt"]
    assert cases(control)["a good token"] == REFUSED
    assert [p.surface for p in control.probes if p.expected == LET_IN] == ["panel"]


def test_peers_nobody_trusts(compile_, fake, monkeypatch):
    installation = fake.installation()
    wanted = _compile.Wanted({"server.allowed_dashboard_CIDR": "203.0.113.0/24"}, {})
    wanted.proxies = r"127\.0\.0\.1|::1"
    (_panel, control) = _controls.compile_probes(wanted, installation)
    assert control.name == "trusted-proxies"
    trusted, *others = control.probes
    assert (trusted.source.peer, trusted.expected) == ("", LET_IN)
    assert {p.source.peer for p in others} == {"127.0.0.9", "127.33.44.55"}
    assert {p.expected for p in others} == {REFUSED}
    assert {p.source.address for p in control.probes} == {"203.0.113.77"}
    wanted.server["server.allowed_dashboard_CIDR"] = "0.0.0.0/0,::/0"
    (_panel, control) = _controls.compile_probes(wanted, installation)
    assert control.silent


def test_the_rest_api_by_address_with_a_good_token(compile_):
    controls = compile_(app_defaults={"rest_cidrs": ["198.51.100.0/24"], "rest_jwt": True})
    control = controls["rest-address"]
    assert all(p.token for p in control.probes)
    assert {p.path for p in control.probes} == {"/LiveApp/rest/v2/version"}
    inside = {p.source.address for p in control.probes if p.expected == LET_IN}
    assert inside == {"127.0.0.1", "198.51.100.0", "198.51.100.255"}


def test_no_list_lets_everybody_in(compile_):
    control = compile_(app_defaults={"settings": {"ipFilterEnabled": False}})["rest-address"]
    assert {p.expected for p in control.probes} == {LET_IN}


def test_no_rest_tokens(compile_):
    control = compile_(app_defaults={"rest_jwt": False})["rest-jwt"]
    assert cases(control) == {"no token": LET_IN}


def test_tokens_of_somebody_else_cannot_be_made(compile_):
    policy = {"rest_jwt": True, "settings": {"jwksURL": "https://keys.example"}}
    controls = compile_(app_defaults={**policy, "rest_cidrs": ["127.0.0.1"]})
    assert controls["rest-jwt"].silent and controls["rest-address"].silent


def test_the_key_of_the_nodes_where_a_token_is_asked_for(compile_):
    options = _controls.Options(previous={("LiveApp", "clusterCommunicationKey"): "k" * 40})
    control = compile_(app_defaults={"rest_jwt": True}, cluster=CLUSTER, options=options)[
        "cluster-key"
    ]
    assert cases(control) == {
        "no token": REFUSED,
        "a good token": LET_IN,
        "an expired token": REFUSED,
        "a token of a wrong key": REFUSED,
        "an unsigned token": REFUSED,
        "a token of the previous key": REFUSED,
    }
    assert {(p.surface, p.source.address, p.path) for p in control.probes} == {
        ("cluster", "127.0.0.1", "/LiveApp/rest/v2/version")
    }
    (good,) = (p for p in control.probes if p.expected == LET_IN)
    assert jwt.decode(good.token.text(NOW), CLUSTER, ["HS256"], options={"verify_exp": False})


def test_the_key_of_the_nodes_where_only_the_address_counts(compile_):
    policy = {"rest_jwt": False, "rest_cidrs": ["127.0.0.1"]}
    control = compile_(app_defaults=policy, cluster=CLUSTER)["cluster-key"]
    (source,) = {p.source for p in control.probes}
    assert source.way == "direct" and source.address != "127.0.0.1"
    assert cases(control)["no token"] == REFUSED and cases(control)["a good token"] == LET_IN


@pytest.mark.parametrize(
    ("on", "policy", "said"),
    [
        ({"version": "2.13.2"}, {"rest_jwt": True}, "before 2.14.0"),
        ({}, {"rest_jwt": False, "rest_cidrs": "any"}, "refuses nobody on this host"),
        (
            {},
            {"rest_jwt": False, "settings": {"ipFilterEnabled": False}},
            "refuses nobody on this host",
        ),
    ],
)
def test_the_key_of_the_nodes_where_it_does_not_show(compile_, on, policy, said):
    control = compile_(on=on, app_defaults=policy, cluster=CLUSTER)["cluster-key"]
    assert said in control.silent and not control.probes


def test_no_key_of_the_nodes_no_control(compile_):
    assert "cluster-key" not in compile_(app_defaults={"rest_jwt": True})
    old = compile_(on={"version": "2.6.1"}, app_defaults={"rest_jwt": True}, cluster=CLUSTER)
    assert "cluster-key" not in old


@pytest.mark.parametrize(("direction", "surface"), [("play", "hls"), ("publish", "rtmp")])
def test_tokens_of_streams(compile_, fake, direction, surface):
    control = compile_(app_defaults={direction: "jwt"})[direction]
    assert {p.surface for p in control.probes} == {surface}
    (good,) = (p for p in control.probes if p.expected == LET_IN)
    stream = claims(good)["streamId"]
    assert re.fullmatch("[0-9a-f]{32}", stream)
    assert stream in (good.path or good.stream)
    assert claims(good) == {"streamId": stream, "type": direction, "exp": NOW + 60}
    by_case = {p.case: p for p in control.probes}
    assert claims(by_case["an expired token"])["exp"] < NOW
    assert claims(by_case["a token of another stream"])["streamId"] != stream
    assert claims(by_case["a token of the other direction"])["type"] != direction
    unsigned = by_case["an unsigned token"].token.text(NOW)
    assert unsigned.endswith(".") and jwt.get_unverified_header(unsigned)["alg"] == "none"
    for case, probe in by_case.items():
        if case in ("a token of a wrong key", "an unsigned token"):
            with pytest.raises(jwt.PyJWTError):
                jwt.decode(
                    probe.token.text(NOW),
                    fake.SECRETS["stream"],
                    ["HS256"],
                    options={"verify_exp": False},
                )


def test_an_open_direction_must_be_open(compile_):
    controls = compile_(app_defaults={"play": "none", "publish": "none"})
    for name in ("play", "publish"):
        assert cases(controls[name]) == {"no token": LET_IN}
    assert "webrtc-play" not in controls


def test_hashes(compile_, fake):
    control = compile_(app_defaults={"play": "hash"})["play"]
    (good,) = (p for p in control.probes if p.expected == LET_IN)
    stream = good.path.rpartition("/")[2].partition(".")[0]
    text = stream + "play" + fake.SECRETS["hash"]
    assert good.token.text(NOW) == hashlib.sha256(text.encode()).hexdigest()
    assert sum(p.expected == REFUSED for p in control.probes) == 5


@pytest.mark.parametrize("kind", ["one_time", "totp"])
@pytest.mark.parametrize("direction", ["play", "publish"])
def test_nothing_is_used_up(compile_, kind, direction):
    control = compile_(app_defaults={direction: kind})[direction]
    assert {p.expected for p in control.probes} == {REFUSED}
    assert control.one_sided and "used up" in control.note


def test_the_publishers_address(compile_):
    policy = {"publish": "jwt", "publisher_cidrs": ["127.0.0.16/28"]}
    controls = compile_(app_defaults=policy)
    control = controls["publisher-address"]
    assert {p.source.way for p in control.probes} == {"direct"}
    assert all(p.token for p in control.probes)
    assert {p.source.address for p in controls["publish"].probes} == {"127.0.0.16"}


def test_a_publishers_list_without_an_address_of_the_host(compile_):
    policy = {"publish": "jwt", "publisher_cidrs": ["192.0.2.0/24"]}
    controls = compile_(app_defaults=policy)
    assert {p.expected for p in controls["publisher-address"].probes} == {REFUSED}
    assert "vantage" in controls["publish"].excuse
    policy["publish"] = "one_time"
    assert compile_(app_defaults=policy)["publisher-address"].silent
    options = _controls.Options(own=("192.0.2.9",))
    policy["publish"] = "jwt"
    controls = compile_(options=options, app_defaults=policy)
    assert not controls["publish"].excuse
    assert {p.source.address for p in controls["publish"].probes} == {"192.0.2.9"}


def test_no_hook_is_called_unasked(compile_):
    policy = {"publish": "jwt", "settings": {"webhookAuthenticateURL": "http://hook.example"}}
    assert "call_hooks" in compile_(app_defaults=policy)["publish"].silent
    controls = compile_(options=_controls.Options(hooks=True), app_defaults=policy)
    assert not controls["publish"].silent


def test_only_registered_streams(compile_):
    policy = {"publish": "jwt", "settings": {"acceptOnlyStreamsInDataStore": True}}
    controls = compile_(app_defaults=policy)
    assert controls["known-streams"].silent and controls["publish"].silent
    options = _controls.Options(known={"LiveApp": "front-door"})
    controls = compile_(options=options, app_defaults=policy)
    assert {p.stream for p in controls["publish"].probes} == {"LiveApp/front-door"}
    known, unknown = controls["known-streams"].probes
    assert (known.stream, known.expected) == ("LiveApp/front-door", LET_IN)
    assert unknown.expected == REFUSED
    assert claims(unknown)["streamId"] == unknown.stream.partition("/")[2]


def test_webrtc_cannot_be_told_on_community(compile_):
    policy = {"play": "jwt", "publish": "jwt"}
    controls = compile_(app_defaults=policy)
    assert "Community" in controls["webrtc-play"].silent
    assert "Community" in controls["webrtc-publish"].silent
    controls = compile_(on={"edition": "enterprise"}, app_defaults=policy)
    assert len(controls["webrtc-play"].probes) == 7
    assert controls["webrtc-publish"].silent


def test_previous_secrets_are_tried(compile_):
    old = "an-old-secret-that-nobody-may-use-any-more"
    options = _controls.Options(
        previous={
            ("", "server.jwtServerSecretKey"): old,
            ("LiveApp", "jwtSecretKey"): old,
            ("LiveApp", "jwtStreamSecretKey"): old,
        }
    )
    policy = {"rest_jwt": True, "play": "jwt", "publish": "jwt"}
    controls = compile_(options=options, management_jwt=True, app_defaults=policy)
    for name in ("management-jwt", "rest-jwt", "play", "publish"):
        (probe,) = (p for p in controls[name].probes if "previous" in p.case)
        assert probe.expected == REFUSED
        jwt.decode(probe.token.text(NOW), old, ["HS256"], options={"verify_exp": False})
    assert old not in repr(controls) and old not in repr(options)


def test_no_secret_and_no_token_shows(compile_, fake):
    policy = {"rest_jwt": True, "play": "hash", "publish": "jwt", "rest_cidrs": ["any"]}
    controls = compile_(dashboard_cidrs=["127.0.0.1"], management_jwt=True, app_defaults=policy)
    text = repr(controls)
    assert not any(secret in text for secret in fake.SECRETS.values())
    for control in controls.values():
        for probe in control.probes:
            assert not probe.token or probe.token.text(NOW) not in text


def test_streams_are_new_every_time(compile_):
    first, second = (compile_(app_defaults={"play": "jwt"})["play"] for _time in range(2))
    assert {p.path for p in first.probes}.isdisjoint(p.path for p in second.probes)


def test_settings_nobody_asks_about(fake):
    wanted = _compile.Wanted(
        {"server.allowed_dashboard_CIDR": "127.0.0.1"},
        {"LiveApp": {"signalingEnabled": "true", "hlsTime": "2", "jwtSecretKey": "x"}},
    )
    assert _controls.unprobed(wanted) == [("LiveApp", "signalingEnabled")]
