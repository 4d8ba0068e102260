from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    MOST_FAULTS,
    CannotTell,
    Fault,
    FleetControl,
)

from tests.kit import judged


def fleet(judge):
    return FleetControl(
        id="f", title="t", severity="high", topic="fleet", page=judged.PAGE, judge=judge
    )


def statuses(audit):
    return {host.name: [f.status for f in host.findings] for host in audit.hosts}


def hide(evidence):
    raise CannotTell("it is hidden")


def break_(evidence):
    raise KeyError("x")


@pytest.mark.parametrize(
    ("judge", "line"),
    [
        (hide, "it is hidden"),
        (break_, "this should not happen, please report it: KeyError: 'x'"),
    ],
)
def test_one_rule_keeps_no_other_from_being_judged(judge, line):
    controls = [judged.control("a", judge=judge), judged.control("b"), fleet(judge)]
    (host,) = judged.audit(controls=controls).hosts
    assert [f.status for f in host.findings] == ["cannot tell", "pass", "cannot tell"]
    assert host.findings[0].lines == host.findings[2].lines == (line,)


def test_hosts_and_controls_are_in_order():
    hosts = [judged.evidence(name) for name in ("b", "c", "a")]
    audit = judged.audit(hosts, [judged.control("z"), judged.control("y")])
    assert [host.name for host in audit.hosts] == ["a", "b", "c"]
    assert [f.control.id for f in audit.hosts[0].findings] == ["z", "y"]


@pytest.mark.parametrize(
    ("more", "state", "outcome"),
    [
        ({}, "running", "pass"),
        ({"facts": {"process": None, "unseen": None}}, "stopped", "pass"),
        ({"facts": {"process": None, "unseen": "port 5080 answers"}}, "not seen", "pass"),
        ({"problem": "unreachable: x"}, "not reached", "cannot tell"),
    ],
)
def test_what_could_be_seen_of_a_host(more, state, outcome):
    (host,) = judged.audit([judged.evidence(**more)], [judged.control()]).hosts
    assert (host.state, host.findings[0].status) == (state, outcome)
    assert bool(host.problem) == (state == "not reached")
    assert (host.score is None) == (state == "not reached")


@pytest.mark.parametrize(
    ("fault", "state", "outcome"),
    [
        ("home: /x is not a folder; set antmedia_home", "absent", "not applicable"),
        ("home: /x is not an Ant Media Server: Permission denied", "not readable", "cannot tell"),
    ],
)
def test_a_host_without_an_installation(fault, state, outcome):
    host = judged.evidence()
    host.facts = {"home": "/x", "faults": [fault], "evidence": {"unread": []}}
    audit = judged.audit([host], [judged.control(), fleet(lambda hosts: {})])
    (host,) = audit.hosts
    assert (host.state, host.problem, host.score) == (state, fault, None)
    assert {f.status for f in host.findings} == {outcome}
    assert audit.failed_hosts("low") == {"web1": f"not audited: {fault}"}
    assert audit.failed_hosts("none") == {}


def test_a_control_of_the_fleet_is_given_those_that_told_something():
    seen = []

    def judge(hosts):
        seen.extend(hosts)
        return {"a": _control.passed("fine")}

    hosts = [judged.evidence("a"), judged.evidence("b"), judged.evidence("c", problem="down")]
    audit = judged.audit(hosts, [fleet(judge)])
    assert seen == ["a", "b"]
    assert statuses(audit) == {"a": ["pass"], "b": ["not applicable"], "c": ["cannot tell"]}


def test_waivers_of_some_faults_leave_the_others():
    faults = [Fault("x", "LiveApp"), Fault("y", "events")]
    controls = [judged.control(judge=lambda evidence: _control.found(faults))]
    some, every = judged.waiver(apps=("LiveApp",)), judged.waiver()
    (finding,) = judged.audit(controls=controls, waivers={"web1": [some]}).hosts[0].findings
    assert finding.status == "fail"
    assert [(f.app, f.waiver) for f in finding.faults] == [("events", None), ("LiveApp", some)]
    assert [f.app for f in finding.open_faults] == ["events"]
    (finding,) = judged.audit(controls=controls, waivers={"web1": [every]}).hosts[0].findings
    assert (finding.status, finding.outcome, finding.open_faults) == ("waived", "fail", ())


def test_a_waiver_that_is_over_waives_nothing_and_is_named():
    over, unused = judged.waiver("some-control", days=-1), judged.waiver("other-*")
    controls = [judged.control(judge=judged.failing())]
    audit = judged.audit(controls=controls, waivers={"web1": [over, unused]})
    (finding,) = audit.hosts[0].findings
    assert (finding.status, finding.faults[0].expired) == ("fail", over)
    assert (audit.expired, audit.unused) == ((over,), (unused,))


def test_a_waiver_is_for_the_host_whose_inventory_has_it():
    hosts = [judged.evidence("a"), judged.evidence("b")]
    controls = [judged.control(judge=judged.failing())]
    audit = judged.audit(hosts, controls, waivers={"a": [judged.waiver()]})
    assert statuses(audit) == {"a": ["waived"], "b": ["fail"]}


def test_faults_without_end_are_counted():
    faults = [Fault(str(number), "x") for number in range(MOST_FAULTS + 7)]
    faults.append(Fault("the one that counts"))
    controls = [judged.control(judge=lambda evidence: _control.found(faults))]
    waivers = {"web1": [judged.waiver(apps=("x",))]}
    (finding,) = judged.audit(controls=controls, waivers=waivers).hosts[0].findings
    assert (len(finding.faults), finding.more) == (MOST_FAULTS, 8)
    assert finding.status == "fail"


def test_what_an_account_could_not_see_is_noted():
    facts = {"unread": ["/a: no"] * 1 + [f"/{number}: no" for number in range(30)]}
    facts["evidence"] = {"machine": {"root": False, "account": "jane"}, "unread": []}
    (host,) = judged.audit([judged.evidence(facts=facts)], [judged.control()]).hosts
    assert host.notes[0] == "looked at as jane, who may not see everything"
    assert host.notes[1] == "/a: no"
    assert host.notes[-1] == "and 12 more"


@pytest.mark.parametrize("text", judged.HOSTILE)
def test_no_text_of_a_host_is_more_than_a_line(text):
    audit = judged.hostile(text)
    for host in audit.hosts:
        texts = [host.name, host.version, host.edition, host.home, host.problem]
        texts += [*host.apps, *host.notes, *host.groups]
        for finding in host.findings:
            texts += [*finding.lines, *(fault.text for fault in finding.faults)]
            texts += [fault.app for fault in finding.faults]
        assert all(each.isprintable() and len(each) <= 700 for each in texts)
