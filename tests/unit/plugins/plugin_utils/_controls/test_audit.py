from __future__ import annotations

import pytest

from tests.kit import judged


def test_what_fails_worst_first():
    controls = [
        judged.control("a", "low", judged.failing()),
        judged.control("b", "critical", judged.failing()),
        judged.control("c", "high", judged.failing()),
        judged.control("d", "high"),
    ]
    hosts = [judged.evidence("x"), judged.evidence("y")]
    audit = judged.audit(hosts, controls, waivers={"x": [judged.waiver("c")]})
    assert [(c.id, names) for c, names in audit.failing] == [
        ("b", ("x", "y")),
        ("c", ("y",)),
        ("a", ("x", "y")),
    ]
    assert [host.worst for host in audit.hosts] == ["critical", "critical"]
    assert (audit.count("fail"), audit.count("fail", "high"), audit.count("waived")) == (5, 1, 1)


@pytest.mark.parametrize(
    ("fail_on", "fails"),
    [("none", False), ("critical", False), ("high", True), ("medium", True), ("low", True)],
)
def test_what_lets_a_host_fail(fail_on, fails):
    controls = [
        judged.control("a", "medium", judged.failing("one")),
        judged.control("b", "high", judged.failing("two")),
    ]
    audit = judged.audit(controls=controls, waivers={})
    found = audit.failed_hosts(fail_on)
    more = "" if fail_on == "high" else " (and 1 more)"
    assert found == ({"web1": f"high: b: two{more}"} if fails else {})


def test_what_is_waived_fails_nobody():
    controls = [judged.control("a", "critical", judged.failing("one"))]
    assert (
        judged.audit(controls=controls, waivers={"web1": [judged.waiver()]}).failed_hosts("low")
        == {}
    )


def test_the_policy_is_that_of_what_nobody_waived():
    controls = [
        judged.control("a", judge=judged.failing(policy={"antmedia_home": "/x"}, step="Do it.")),
        judged.control("b", judge=judged.failing(policy=judged.POLICY)),
    ]
    (host,) = judged.audit(controls=controls, waivers={}).hosts
    assert host.policy == {"antmedia_home": "/x", **judged.POLICY}
    assert host.findings[0].steps == ("Do it.",)
    (host,) = judged.audit(controls=controls, waivers={"web1": [judged.waiver("a")]}).hosts
    assert (host.policy, host.findings[0].steps) == (judged.POLICY, ())
