from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import outcome as _outcome


@pytest.mark.parametrize(
    ("result", "last", "said"),
    [
        ({"changed": True, "msg": "x"}, False, ""),
        ({"failed": True, "msg": "x"}, False, "x"),
        ({"unreachable": True, "msg": "x"}, False, "x"),
        ({"failed": True}, False, "no reason was given"),
        ({"waiting": True, "msg": "s1"}, False, ""),
        ({"waiting": True, "msg": "s1"}, True, "nothing was changed, somebody is still on air: s1"),
        # As Ansible leaves it after the last of its tries.
        (
            {"waiting": True, "failed": True, "msg": "s1"},
            True,
            "nothing was changed, somebody is still on air: s1",
        ),
        ({"failed": True, "msg": "x"}, True, "x"),
        ({"restart_required": True, "way": "defer", "reasons": ["a"]}, False, ""),
        ({"restart_required": False, "way": "restart", "reasons": ["a"]}, False, ""),
        ({"restart_required": True, "way": "restart", "failed": True, "msg": "x"}, False, "x"),
    ],
)
def test_settings(result, last, said):
    assert _outcome.of_settings(result, last) == said


@pytest.mark.parametrize("reasons", [[], ["a.key", "b.key"]])
@pytest.mark.parametrize("changed", [True, False])
def test_a_policy_that_only_a_restart_would_put_in_force_is_not_had(reasons, changed):
    due = {"changed": changed, "restart_required": True, "way": "restart", "reasons": reasons}
    said = _outcome.of_settings(due)
    why = "a.key, b.key" if reasons else "no reason was given"
    assert said.startswith(f"the policy is not in force: a restart is due ({why}), which nothing")
    for name in ("antmedia_service_manager", "antmedia_service_commands", "antmedia_apply: defer"):
        assert name in said


def test_a_report_fails_for_the_hosts_it_names():
    report = {"failed_hosts": {"a": "why"}}
    assert _outcome.of_report(report, "a") == "why"
    assert _outcome.of_report(report, "b") == _outcome.of_report({}, "a") == ""


def test_a_rotation():
    assert _outcome.of_rotation({"unfinished": False, "absent": {}}) == ""
    assert _outcome.of_rotation({"unfinished": True, "lines": ["a", "b"]}) == "a\nb"
    assert _outcome.of_rotation({"absent": {"h": "is gone", "i": "too"}}).startswith(
        "h is gone; i too; the next run"
    )


def test_a_token():
    assert _outcome.of_token({"accepted": True, "verdict": "good"}) == ""
    for accepted in (None, False, "yes"):
        assert _outcome.of_token({"accepted": accepted, "verdict": "bad"}) == "bad"


def test_lost_hosts_are_those_that_had_begun():
    results = {"a": {"changed": True}, "b": {"unreachable": True}}.get
    assert _outcome.lost(["a", "b", "c"], ["a"], results) == ["b"]


FLEET = {
    "lost": ({"unreachable": True, "failed": False, "changed": False}, "not reached, and not"),
    "bad": ({"failed": True, "changed": False}, "failed, see the error above"),
    "left": (None, "not touched"),
    "odd": ({"msg": "x"}, "not touched"),
    "busy": ({"changed": True, "waiting": True}, "not touched, its restart waits"),
    "weak": ({"changed": True}, "has the policy and fails the proof: why"),
    "due": ({"changed": True, "restart_required": True}, "has the policy, files only: a restart"),
    "unproved": ({"changed": True, "unproved": True}, "has the policy, not proved"),
    "skipped": ({"changed": True, "unproved": True}, "has the policy, not proved"),
    "proved": ({"changed": True, "unproved": True}, "has the policy"),
    "good": ({"changed": False}, "has the policy"),
}


def test_which_host_has_what():
    proofs = {"skipped": {"skipped": True}, "proved": {"changed": True}}
    said = _outcome.fleet(
        list(FLEET), lambda host: FLEET[host][0], proofs.get, {"weak": "why"}, False
    )
    for line, (host, (_result, words)) in zip(said, FLEET.items()):
        assert line.startswith(f"{host}: {words}"), line
    assert said[list(FLEET).index("proved")] == "proved: has the policy"


def test_a_check_has_touched_nothing():
    said = _outcome.fleet(["a"], lambda _host: {"changed": True}, lambda _host: None, {}, True)
    assert said == ["a: not touched, would get the policy"]


def test_a_reason_cannot_pass_for_another_host():
    result = {"changed": True, "unproved": False}
    failed = {"a": "x\nb: has the policy"}
    (line,) = _outcome.fleet(["a"], lambda _host: result, lambda _host: None, failed, False)
    assert "\n" not in line
