"""The decision: by every way in, and closed wherever something is missing."""

from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    decide as _decide,
    policy as _policy,
    token as _token,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256
from hypothesis import given, strategies as st

from .conftest import NOW, POLICY, PREVIOUS, SECRET

NOTHING = {"kind": "none", "secrets": []}
INSIDE, OUTSIDE = "198.51.100.7", "203.0.113.7"
REASONS = {
    *("no policy", "unknown application", "address", "play over RTMP", "no stream's name"),
    *("no token", "several tokens", "no secret", "not a token", "wrong algorithm"),
    *("wrong signature", "a time that is none", "expired", "not valid yet", "wrong stream"),
    "wrong direction",
}


def policy(**changes):
    whole = json.loads(json.dumps(POLICY))
    whole["applications"]["LiveApp"].update(changes)
    return _policy.read(json.dumps(whole))


def token(direction="publish", secret=SECRET, stream="s1"):
    return _hs256.sign({"streamId": stream, "type": direction, "exp": NOW + 60}, secret)


def asked(direction="publish", app="LiveApp", stream="s1", token_=..., address=INSIDE, via="rtmp"):
    shown = token(direction, stream=stream) if token_ is ... else token_
    return _decide.Ask(direction, app, stream, shown, address, via)


def why(ask, found=None, now=NOW):
    verdict = _decide.decide(found or policy(), ask, now)
    assert verdict.allowed is (verdict.reason == "")
    return verdict.reason


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (asked(), ""),
        (asked(address=OUTSIDE), "address"),
        (asked(address=f"::ffff:{INSIDE}"), ""),
        (asked(address=f"::ffff:{OUTSIDE}"), "address"),
        (asked(address="2001:db8::1"), ""),
        (asked(address="2001:db8::1%eth0"), ""),
        (asked(address="2001:db9::1"), "address"),
        (asked(address=None), "address"),
        (asked(address=""), "address"),
        (asked(address="unknown"), "address"),
        (asked(address=OUTSIDE, via="hook"), ""),
        (asked(address=None, via="hook"), ""),
        (asked(token_=None, via="hook"), "no token"),
        (asked(address=OUTSIDE, via="http"), "address"),
        (asked(token_=None), "no token"),
        (asked(token_=""), "no token"),
        (asked(token_=_token.SEVERAL), "several tokens"),
        (asked(token_=token("play")), "wrong direction"),
        (asked(token_=token(stream="S1")), "wrong stream"),
        (asked(token_=token(secret=PREVIOUS)), "wrong signature"),
        (asked(app="liveapp"), "unknown application"),
        (asked(app="LiveApp/"), "unknown application"),
        (asked(app=""), "unknown application"),
        (asked(stream="../s1"), "no stream's name"),
        (asked(stream="a/s1"), "no stream's name"),
        (asked(stream="s1?x"), "no stream's name"),
        (asked(stream=""), "no stream's name"),
        (asked(stream=".s1"), "no stream's name"),
        (asked(stream="s1\n"), "no stream's name"),
        (asked(stream="s" * 200), ""),
        (asked(stream="s" * 201), "no stream's name"),
        (asked("play", via="http", address=OUTSIDE), ""),
        (asked("play", via="http", address=None), ""),
        (asked("play", via="http", token_=token("play", PREVIOUS)), ""),
        (asked("play", via="http", token_=token("publish")), "wrong direction"),
        (asked("play", via="http", token_=None), "no token"),
        (asked("play", via="rtmp"), "play over RTMP"),
        (asked("play", via="rtmp", token_=None), "play over RTMP"),
        (asked("play", app="open", via="rtmp", token_=None, stream="any thing"), ""),
        (asked("play", app="open", via="http", token_=None), ""),
        (asked(app="open", token_=None, address=None, stream="a b"), ""),
        (asked(app="open", token_=_token.SEVERAL), ""),
    ],
    ids=str,
)
def test_who_gets_in(ask, reason):
    assert why(ask) == reason


def test_nobody_gets_in_without_a_policy():
    for direction in ("publish", "play"):
        for via in _decide.VIAS:
            for app in ("LiveApp", "open"):
                verdict = _decide.decide(None, asked(direction, app=app, via=via), NOW)
                assert verdict == _decide.Verdict(False, "no policy")
    assert _decide.enters(None, "open", INSIDE) == _decide.Verdict(False, "no policy")


@pytest.mark.parametrize(
    ("secrets", "reason"),
    [
        ([], "no secret"),
        ([{"secret": "", "until": None}], "no secret"),
        ([{"secret": SECRET, "until": NOW}], "no secret"),
        ([{"secret": SECRET, "until": NOW + 1}], ""),
        ([{"secret": SECRET[:31], "until": None}], "no secret"),
        ([{"secret": "", "until": None}, {"secret": SECRET, "until": None}], ""),
        ([{"secret": PREVIOUS, "until": None}, {"secret": SECRET, "until": None}], ""),
        ([{"secret": PREVIOUS, "until": None}, {"secret": SECRET, "until": 1}], "wrong signature"),
    ],
)
def test_secrets_that_count(secrets, reason):
    assert why(asked(), policy(publish={"kind": "jwt", "secrets": secrets})) == reason


@pytest.mark.parametrize("empty", ["", "x"])
def test_a_token_of_no_secret_opens_nothing(empty):
    secrets = [{"secret": empty, "until": None}, {"secret": SECRET, "until": None}]
    found = policy(publish={"kind": "jwt", "secrets": secrets})
    assert why(asked(token_=token(secret=empty)), found) == "wrong signature"


def test_a_list_of_nobody_and_no_list():
    assert why(asked(), policy(publishers=[])) == "address"
    assert why(asked(address=OUTSIDE), policy(publishers=None)) == ""
    assert why(asked(address="garbage"), policy(publishers=None)) == ""


def test_play_over_rtmp_where_it_asks_for_its_token():
    play = {**POLICY["applications"]["LiveApp"]["play"], "rtmp": "asked"}
    found = policy(play=play)
    assert why(asked("play", address=OUTSIDE), found) == ""
    assert why(asked("play", token_=None), found) == "no token"
    assert why(asked("play", token_=token("publish")), found) == "wrong direction"


def test_addresses_are_asked_where_no_token_is():
    found = policy(publish={"kind": "none", "secrets": []})
    assert why(asked(token_=None), found) == ""
    assert why(asked(token_=None, address=OUTSIDE), found) == "address"
    assert why(asked(token_=None, address=None, via="hook"), found) == ""


@pytest.mark.parametrize(
    ("app", "address", "rtmp", "reason"),
    [
        ("LiveApp", INSIDE, "refused", ""),
        ("LiveApp", OUTSIDE, "refused", "address"),
        ("LiveApp", OUTSIDE, "asked", ""),  # a player, perhaps
        ("LiveApp", "", "refused", "address"),
        ("liveapp", INSIDE, "asked", "unknown application"),
        ("open", OUTSIDE, "refused", ""),
    ],
)
def test_who_may_connect(app, address, rtmp, reason):
    play = {**POLICY["applications"]["LiveApp"]["play"], "rtmp": rtmp}
    verdict = _decide.enters(policy(play=play), app, address)
    assert verdict == _decide.Verdict(not reason, reason)


TEXTS = st.text(max_size=12) | st.sampled_from(["LiveApp", "open", "s1", INSIDE, token(), ""])


@given(
    st.sampled_from(["publish", "play"]), TEXTS, TEXTS, st.none() | TEXTS, st.none() | TEXTS,
    st.sampled_from(_decide.VIAS), st.integers(0, 2**40),
)  # fmt: skip
def test_whatever_is_asked_for_the_answer_is_of_a_fixed_set(
    direction, app, stream, shown, address, via, now
):
    ask = _decide.Ask(direction, app, stream, shown, address, via)
    verdict = _decide.decide(policy(), ask, now)
    assert verdict.reason in REASONS | {""}
    if verdict.allowed and app != "open":
        assert (app, stream, shown) == ("LiveApp", "s1", token())


def test_a_question_does_not_show_its_token():
    assert token() not in repr(asked())


@pytest.mark.parametrize(
    ("ask", "changes", "stays"),
    [
        (asked(), {}, True),
        (asked(token_=None), {}, True),  # it was asked for when he came
        (asked(address=f"::ffff:{INSIDE}"), {}, True),
        (asked(address=OUTSIDE), {}, False),
        (asked(address=OUTSIDE), {"publishers": None}, True),
        (asked(), {"publishers": []}, False),
        (asked(), {"publish": {"kind": "jwt", "secrets": []}}, True),
        (asked(app="gone"), {}, False),
        (asked("play", address=OUTSIDE), {}, False),
        (asked("play", address=OUTSIDE), {"play": {"rtmp": "asked", **NOTHING}}, True),
        (asked("play", app="gone"), {}, False),
    ],
)
def test_who_stays_when_the_policy_changes(ask, changes, stays):
    assert _decide.stays(policy(**changes), ask) is stays
    assert _decide.stays(None, ask) is True
