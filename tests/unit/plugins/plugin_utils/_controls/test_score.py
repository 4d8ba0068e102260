from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    score as _score,
)

from tests.kit import judged


def score(*rows, **more):
    """The score of a host by pairs of a severity and an outcome."""
    rules = {
        "pass": None,
        "fail": judged.failing(),
        "cannot tell": lambda evidence: _control.cannot_tell("?"),
        "not applicable": lambda evidence: _control.not_applicable("?"),
    }
    controls = [
        judged.control(f"c{number}", severity, rules[outcome])
        for number, (severity, outcome) in enumerate(rows)
    ]
    return judged.audit(controls=controls, **more).hosts[0].score


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("high", "pass"), ("low", "pass")], 100),
        ([("high", "pass"), ("high", "cannot tell")], 50),
        ([("medium", "pass"), ("high", "fail")], 33),
        ([("critical", "pass")] * 50 + [("critical", "fail")], 39),
        ([("critical", "pass")] * 50 + [("high", "fail")], 69),
        ([("critical", "pass")] * 50 + [("medium", "fail")], 89),
        ([("critical", "pass")] * 50 + [("low", "fail")], 99),
        ([("critical", "pass"), ("info", "fail")], 100),
        ([("critical", "not applicable"), ("low", "pass")], 100),
        ([("critical", "not applicable")], None),
    ],
)
def test_a_score(rows, expected):
    assert score(*rows) == expected


def test_what_is_waived_counts_for_nothing():
    rows = [("critical", "fail"), ("low", "pass")]
    assert score(*rows, waivers={"web1": [judged.waiver("c0")]}) == 100
    assert score(*rows, waivers={"web1": [judged.waiver("c0", days=-1)]}) == 9


def test_groups_have_the_mean_of_their_hosts():
    def judge(evidence):
        return (
            _control.passed("") if evidence.host == "a" else _control.found([_control.Fault("x")])
        )

    hosts = [judged.evidence("a", groups=("g", "h")), judged.evidence("b", groups=("g",))]
    hosts.append(judged.evidence("c", problem="down", groups=("g", "i")))
    audit = judged.audit(hosts, [judged.control(severity="low", judge=judge)], waivers={})
    assert [host.score for host in audit.hosts] == [100, 0, None]
    assert (audit.score, audit.groups) == (50, {"g": 50, "h": 100})


def test_every_severity_has_a_weight_and_a_ceiling():
    assert list(_score.WEIGHTS) == list(_score.CEILINGS) == list(_control.SEVERITIES)
