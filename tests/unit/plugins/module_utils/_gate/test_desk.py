"""The desk: what a decision leaves behind, and what becomes of the policy."""

from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    decide as _decide,
    desk as _desk,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256

from .conftest import NOW, SECRET


class Clock:
    def __init__(self, value):
        self.value = value

    def __call__(self):
        return self.value


@pytest.fixture
def said():
    return []


@pytest.fixture
def now():
    return Clock(NOW)


@pytest.fixture
def clock():
    return Clock(1000.0)


@pytest.fixture
def desk(said, now, clock, text):
    desk = _desk.Desk(said.append, now, clock)
    desk.take(text)
    said.clear()
    return desk


def token(stream="s1", direction="play", exp=NOW + 1000):
    return _hs256.sign({"streamId": stream, "type": direction, "exp": exp}, SECRET)


def play(address="203.0.113.7", shown=..., app="LiveApp", via="http"):
    shown = token() if shown is ... else shown
    return _decide.Ask("play", app, "s1", shown, address, via)


def count(desk, **labels):
    every = {"via": "http", "direction": "play", "app": "LiveApp", "reason": "", **labels}
    return desk.counts.of("decisions_total", **every)


def test_decisions_are_counted_and_refusals_told(desk, said):
    assert desk.decide(play()).allowed
    assert said == []
    assert count(desk) == 1
    assert desk.decide(play(shown=None)) == _decide.Verdict(False, "no token")
    assert said == ["refused: play LiveApp/s1 by http from 203.0.113.7: no token"]
    assert count(desk, reason="no token") == 1
    assert not desk.decide(play(app="x" * 90)).allowed
    assert count(desk, app="", reason="unknown application") == 1
    assert "x" * 90 not in desk.counts.text()
    assert token() not in desk.counts.text()


def test_time_passes(desk, now):
    assert desk.decide(play()).allowed
    now.value += 1000
    assert desk.decide(play()).reason == "expired"


def test_what_is_done_as_one_connects(desk, said):
    assert desk.enters("LiveApp", "198.51.100.7").allowed
    assert said == []
    assert desk.enters("LiveApp", "203.0.113.7").reason == "address"
    assert said == ["refused: publish LiveApp by rtmp from 203.0.113.7: address"]
    assert count(desk, via="rtmp", direction="publish", reason="address") == 1


def test_what_cannot_be_asked_for(desk, said):
    verdict = desk.refuse(play(shown=None), "no media")
    assert verdict == _decide.Verdict(False, "no media")
    assert count(desk, reason="no media") == 1
    assert len(said) == 1


def test_one_token_one_viewer(desk, clock, plain):
    plain["applications"]["LiveApp"]["viewers_per_token"] = 1
    desk.take(json.dumps(plain))
    assert desk.decide(play("a")).allowed
    assert desk.decide(play("b")).reason == "too many viewers"
    assert desk.decide(play("b", token(exp=NOW + 5))).allowed  # another token
    assert desk.decide(play("b", None)).reason == "no token"
    clock.value += 100
    desk.tick()
    assert desk.counts.of("viewers_tokens") == 0
    assert desk.decide(play("b")).allowed
    assert desk.decide(play("a")).reason == "too many viewers"


def test_another_spelling_is_no_other_token(desk, plain):
    """The last character of a signature has bits to spare, and padding says nothing."""
    plain["applications"]["LiveApp"]["viewers_per_token"] = 1
    desk.take(json.dumps(plain))
    text = token()
    spelled = [text + "=", *(text[:-1] + chr(ord(text[-1]) + more) for more in (1, 2, 3))]
    good = [other for other in spelled if desk.decide(play("a", other)).allowed]
    assert len(good) > 1
    for other in (text, *good):
        assert desk.decide(play("a", other)).allowed
        assert desk.decide(play("b", other)).reason == "too many viewers"
    assert len(desk.viewers) == 1


def test_viewers_of_what_asks_for_no_token(desk, plain):
    plain["applications"]["open"]["viewers_per_token"] = 1
    desk.take(json.dumps(plain))
    for shown in (None, token(), "", "garbage", "&"):
        assert desk.decide(play("a", shown, "open")).allowed
        assert desk.decide(play("b", shown, "open")).allowed


def test_publishers_are_no_viewers(desk, plain):
    plain["applications"]["LiveApp"].update(viewers_per_token=1, publishers=None)
    desk.take(json.dumps(plain))
    shown = token(direction="publish")
    for address in "ab":
        ask = _decide.Ask("publish", "LiveApp", "s1", shown, address, "rtmp")
        assert desk.decide(ask).allowed


def test_before_a_policy_was_read(said):
    desk = _desk.Desk(said.append)
    assert desk.decide(play()).reason == "no policy"
    assert desk.enters("LiveApp", "198.51.100.7").reason == "no policy"
    assert desk.state()["open"] is False
    assert desk.state()["why"] == "it was not read yet"
    assert desk.counts.of("policy_good") == 0


def test_a_policy_that_breaks_and_is_mended(desk, said, text):
    mark = desk.mark
    assert mark
    desk.take(text[:-1])
    assert desk.decide(play()).reason == "no policy"
    assert said[0] == "policy: NOBODY GETS IN: it is not JSON, or not all of it is there"
    assert (desk.policy, desk.mark) == (None, "")
    assert desk.counts.of("policy_good") == 0
    said.clear()
    desk.take(text[:-1])
    assert said == []  # it was said
    desk.take(None, "gone")
    assert said == ["policy: NOBODY GETS IN: gone"]
    said.clear()
    desk.take(text)
    assert desk.decide(play()).allowed
    assert said == ["policy: in force"]
    assert (desk.mark, desk.why) == (mark, "")
    desk.take(text)
    assert said == ["policy: in force"]
    desk.take(text + " ")
    assert said == ["policy: in force"] * 2
    assert desk.counts.of("policy_good") == 1
    assert desk.counts.of("policy_reads_total", result="broken") == 3
    assert desk.counts.of("policy_reads_total", result="good") == 4


def test_the_state_holds_nothing_secret(desk):
    state = desk.state()
    assert state == {
        "open": True,
        "why": "",
        "policy": desk.mark,
        "started": NOW,
        "applications": ["LiveApp", "open"],
        "home": "/usr/local/antmedia",
    }
    assert "test-only" not in json.dumps(state)


def test_refusals_that_were_not_told_are_told_in_number(desk, said, clock):
    for _ in range(30):
        desk.decide(play(shown=None))
    assert len(said) == 10
    clock.value += 10
    desk.tick()
    assert said[10:] == ["refused: 20 more of LiveApp: no token"]
