from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    answers as _answers,
    front as _front,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    front_address,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    UNCLEAR,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result
from ansible_collections.streamward.antmedia.plugins.module_utils._server.http import Answer

from ..fronts import ABOUT, plan

FRONT = r"192\.0\.2\.1"  # which the server believes, and nobody else
INSIDE, OUTSIDE = "198.51.100.7", "203.0.113.5"


def make(address, app="", tokens=None, good=True, **more):
    found = _front.Front.of(plan(**more), "192.0.2.1", tokens or {}, address)
    return front_address.make(found.seen(good), app)


def asked(control):
    return [(probe.case, probe.expected) for probe in control.probes]


@pytest.mark.parametrize("app", ["", "LiveApp"])
def test_whoever_is_on_the_list_gets_in(app):
    control = make(INSIDE, app, proxies=FRONT)
    claimed = "from 203.0.113.77 by X-Forwarded-For"
    assert asked(control) == [(f"from {INSIDE}", LET_IN), (claimed, LET_IN)]
    assert not control.one_sided


def test_nobody_poses_in_vain():
    """As shipped the server believes private addresses, and one of the list need not be another."""
    private = {"panel": "10.0.0.0/8"}
    assert len(asked(make("10.1.2.3", **private))) == 1
    assert len(asked(make("10.1.2.3", proxies=FRONT, **private))) == 2
    assert len(asked(make("192.168.1.2", **private))) == 2
    assert len(asked(make(INSIDE, panel="0.0.0.0/0,::/0", proxies=FRONT))) == 1


@pytest.mark.parametrize("app", ["", "LiveApp"])
def test_nobody_else_does_whatever_he_says(app):
    control = make(OUTSIDE, app)
    claimed = "from 198.51.100.0 by X-Forwarded-For"
    assert asked(control) == [(f"from {OUTSIDE}", REFUSED), (claimed, REFUSED)]
    assert control.one_sided
    assert control.probes[0].path == ("/LiveApp/rest/v2/version" if app else "/rest/v2/liveness")


def test_whom_the_server_believes_need_not_pretend():
    control = make(OUTSIDE, proxies=r"203\.0\.113\.5")
    assert asked(control) == [(f"from {OUTSIDE}", REFUSED)]


def test_no_list_nothing_asked():
    assert make(OUTSIDE, panel=None) is None
    apps = plan()["apps"]
    apps["LiveApp"]["rest"] = None
    assert make(OUTSIDE, "LiveApp", apps=apps) is None


@pytest.fixture
def guarded():
    apps = plan()["apps"]
    apps["LiveApp"]["rest_token"] = True
    return apps


def test_a_token_goes_only_where_the_certificate_is_good(guarded):
    tokens = {"LiveApp": {"rest": "token-of-tests"}}
    control = make(OUTSIDE, "LiveApp", tokens, apps=guarded)
    assert [probe.token.text(0) for probe in control.probes] == ["token-of-tests"] * 2
    assert "token-of-tests" not in repr(control)
    control = make(OUTSIDE, "LiveApp", tokens, good=False, apps=guarded)
    assert (control.silent, control.probes) == (front_address.NO_TOKEN, [])
    plain = {**ABOUT, "tls": False}
    assert make(OUTSIDE, "LiveApp", tokens, good=False, apps=guarded, front=plain).probes
    assert make(OUTSIDE, "LiveApp", apps=guarded).silent == front_address.NO_SECRET
    # The panel asks for none, and nobody is shown one that he does not ask for.
    assert make(OUTSIDE, good=False).probes
    assert {probe.token for probe in make(OUTSIDE, "LiveApp", tokens).probes} == {None}


def test_an_address_that_nobody_knows():
    found = _front.Front.of(plan(), "192.0.2.1", {}, OUTSIDE)
    control = front_address.make(dataclasses.replace(found, problem="no connection"), "")
    assert (control.silent, control.probes) == ("no connection", [])


# --- what the front itself closes ---

BY_SERVER = "HTTP 403 Not allowed IP"
BY_FRONT = f"HTTP 404, {_answers.BY_FRONT}"


def settled(address, *came, **more):
    front = _front.Front.of(plan(**more), "192.0.2.1", {}, address)
    control = front_address.make(front, "")
    results = [Result(probe, *one) for probe, one in zip(control.probes, came)]
    return control, front_address.settle(front, control, results)


def test_what_the_front_closes_needs_no_list():
    control, results = settled(INSIDE, (REFUSED, BY_FRONT))
    assert results[0].right and control.one_sided
    assert control.note == front_address.CLOSED
    control, results = settled(OUTSIDE, (REFUSED, BY_FRONT), (REFUSED, BY_FRONT))
    assert all(result.right for result in results) and control.note == front_address.CLOSED


def test_what_the_server_refuses_is_no_merit_of_the_front():
    control, results = settled(INSIDE, (REFUSED, BY_SERVER))
    assert not results[0].right and control.note == front_address.ADDS_NOBODY
    control, results = settled(OUTSIDE, (REFUSED, BY_FRONT), (LET_IN, "HTTP 200"))
    assert [result.right for result in results] == [True, False]
    assert control.note == front_address.ADDS_NOBODY
    control, results = settled(OUTSIDE, (REFUSED, BY_SERVER), (UNCLEAR, "HTTP 502"))
    assert not control.note


def test_who_is_on_the_list_does_not_show_that_the_server_learns_who_asks():
    control, results = settled(INSIDE, *[(LET_IN, "HTTP 200")] * 2, proxies=FRONT)
    assert control.silent == control.excuse == front_address.ON_THE_LIST
    assert all(result.right for result in results)
    # A list of everybody has nobody to refuse.
    control, results = settled(INSIDE, (LET_IN, "HTTP 200"), panel="0.0.0.0/0,::/0")
    assert not control.silent
    # The front passes on what it is told.
    control, results = settled(INSIDE, (LET_IN, "HTTP 200"), (REFUSED, BY_SERVER), proxies=FRONT)
    assert not control.silent and control.note == front_address.ADDS_NOBODY
    control, results = settled(INSIDE, (LET_IN, "HTTP 200"), (UNCLEAR, "HTTP 502"), proxies=FRONT)
    assert not control.silent and not control.note


@pytest.mark.parametrize(
    ("status", "body", "came", "said"),
    [
        (200, b'{"versionName": "x"}', LET_IN, "HTTP 200"),
        (403, b"<b>Message</b> Not allowed IP", REFUSED, BY_SERVER),
        (403, b"<title>HTTP Status 403</title><b>Message</b> No", UNCLEAR, "HTTP 403 No"),
        (404, b"<title>HTTP Status 404 x</title>", UNCLEAR, "HTTP 404"),
        (404, b'{"success": false}', UNCLEAR, "HTTP 404"),
        (405, b"<title>405 Not Allowed</title>", REFUSED, f"HTTP 405, {_answers.BY_FRONT}"),
        (403, b"nginx", REFUSED, f"HTTP 403, {_answers.BY_FRONT}"),
        (404, b"", REFUSED, BY_FRONT),
        (401, b"", REFUSED, f"HTTP 401, {_answers.BY_FRONT}"),
        (500, b"", UNCLEAR, "HTTP 500"),
        (502, b"", UNCLEAR, "HTTP 502"),
        (302, b"", UNCLEAR, "HTTP 302"),
        (200, b"<html>", UNCLEAR, "HTTP 200"),
        (0, b"", UNCLEAR, "no answer"),
    ],
)
def test_answers(status, body, came, said):
    assert _answers.front_rest(Answer(status, body)) == (came, said)
    assert _answers.front_panel(Answer(status, body)) == (came, said)
