from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    digest as _digest,
)

from tests.kit import judged


def audit(**more):
    hosts = [judged.evidence(name) for name in ("a", "b", "c")]
    return judged.audit([*hosts, judged.evidence("down", problem="no route")], **more)


def test_what_fails_alike_is_told_once():
    rules = [
        judged.control("mild", "low", judged.failing("of all")),
        judged.control("bad", "critical", judged.failing("one", "two", policy=judged.POLICY)),
    ]
    bad, mild = _digest.failing(audit(controls=rules))
    assert (bad.control.id, mild.control.id) == ("bad", "mild")
    assert bad.hosts == ("a", "b", "c")
    assert [(each.text, each.hosts) for each in bad.faults] == [
        ("one", ("a", "b", "c")),
        ("two", ("a", "b", "c")),
    ]
    (policy,) = bad.policies
    assert policy.text.startswith("antmedia_apps:") and policy.hosts == ("a", "b", "c")
    assert mild.policies == () and mild.steps == ()


def test_what_most_hosts_have_comes_first():
    def judge(evidence):
        texts = ["of all"] if evidence.host == "c" else ["of one", "of all"]
        return judged.failing(*texts)(evidence)

    (row,) = _digest.failing(audit(controls=[judged.control(judge=judge)]))
    assert [each.text for each in row.faults] == ["of all", "of one"]


def test_faults_that_are_left_out_are_counted():
    rules = [judged.control(judge=judged.failing(*map(str, range(60))))]
    (row,) = _digest.failing(audit(controls=rules))
    assert (len(row.faults), row.left_out) == (50, 3 * 10)


def test_what_cannot_be_told_leaves_out_hosts_that_were_not_judged():
    (row,) = _digest.untold(audit())
    assert (row.control.id, row.hosts) == ("blind-one", ("a", "b", "c"))
    assert [each.text for each in row.reasons] == ["not seen"]


def test_what_is_waived():
    (row,) = _digest.waived(audit())
    assert (row.control.id, row.waiver.owner) == ("known-one", "jane@example.net")
    assert [(each.text, each.hosts) for each in row.faults] == [("accepted", ("a", "b", "c"))]


def test_a_waived_fault_beside_one_that_counts():
    faults = [*judged.failing("x", app="one")(None).faults, *judged.failing("y")(None).faults]
    rule = judged.control("bad", judge=lambda evidence: _control.found(faults))
    found = judged.audit(controls=[rule], waivers={"web1": [judged.waiver("bad", apps=("one",))]})
    assert [each.text for each in _digest.failing(found)[0].faults] == ["y"]
    assert [each.text for each in _digest.waived(found)[0].faults] == ["x"]


def test_hosts_that_were_not_judged_come_first():
    assert [host.name for host in _digest.worst_first(audit().hosts)] == ["down", "a", "b", "c"]


def test_words():
    assert _digest.sums(audit()) == "3 fail (3 critical), 8 cannot tell, 3 waived, 3 pass"
    assert _digest.when(judged.NOW) == "2026-09-21 14:13 UTC"
    assert _digest.some("abc", 2) == (["a", "b"], 1)
    assert _digest.some("abc", 3) == (["a", "b", "c"], 0)
