from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    trend as _trend,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import as_json

from tests.kit import judged

LATER = judged.NOW + 86400


def rules(**outcomes):
    """Controls by the outcome of each."""
    made = {
        "pass": None,
        "fail": judged.failing(),
        "blind": lambda evidence: _control.cannot_tell("?"),
    }
    return [judged.control(name, judge=made[outcome]) for name, outcome in outcomes.items()]


def earlier(**outcomes):
    audit = judged.audit(controls=rules(**outcomes), waivers={})
    return _trend.read(as_json.render(audit).encode())


def after(before, **outcomes):
    return judged.audit(controls=rules(**outcomes), waivers={}, made_at=LATER, earlier=before)


def test_what_is_new_and_what_was_mended():
    before = earlier(a="fail", b="fail", c="pass", d="pass")
    trend = after(before, a="fail", b="pass", c="fail", d="pass").trend
    assert (trend.new, trend.fixed, trend.still) == (
        (("web1", "c"),),
        (("web1", "b"),),
        (("web1", "a"),),
    )
    assert (trend.before, trend.score, trend.scores) == (judged.NOW, 50, {"web1": 50})


def test_what_cannot_be_told_is_neither_new_nor_mended():
    trend = after(earlier(a="fail", b="blind"), a="blind", b="fail").trend
    assert trend.new == trend.fixed == trend.still == ()


def test_a_control_that_was_not_there_before_is_not_new():
    assert after(earlier(a="pass"), a="pass", b="fail").trend.new == ()


def test_since_when_it_fails():
    before = earlier(a="fail")
    audit = after(before, a="fail", b="fail", c="pass")
    assert [f.since for f in audit.hosts[0].findings] == [judged.NOW, LATER, 0]
    again = _trend.read(as_json.render(audit).encode())
    later = judged.audit(controls=rules(a="fail"), waivers={}, made_at=LATER + 1, earlier=again)
    assert later.hosts[0].findings[0].since == judged.NOW


def test_a_waived_fault_is_still_there():
    before = earlier(a="fail")
    audit = judged.audit(
        controls=rules(a="fail"), waivers={"web1": [judged.waiver("a")]}, earlier=before
    )
    assert audit.trend.still == (("web1", "a"),)


def test_hosts_come_and_go():
    audit = judged.audit([judged.evidence("new")], rules(a="pass"), earlier=earlier(a="pass"))
    assert (audit.trend.hosts_new, audit.trend.hosts_gone) == (("new",), ("web1",))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[]", "is not a report of an audit"),
        (b'{"kind": "verify"}', "is not a report of an audit"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_what_is_no_report(data, why):
    with pytest.raises(_trend.TrendError, match=why):
        _trend.read(data)


def test_nonsense_in_a_report_is_left_out():
    content = json.loads(as_json.render(judged.audit()))
    finding = content["hosts"][0]["findings"][0]
    content["hosts"] += [7, {"name": 7}, {"name": "x", "score": "y", "findings": [{}, 7, finding]}]
    content.update(score="many", made_at=None)
    found = _trend.read(json.dumps(content).encode())
    assert (found.made_at, found.score) == (0, None)
    assert ("x", "bad-one") in found.failed
