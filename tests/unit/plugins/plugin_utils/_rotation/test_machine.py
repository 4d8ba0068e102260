from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import machine as r
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import Options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import Secret, Seen

NOW = 1_000_000.0
DAY = 86400.0
C, P, V = "fp:current", "fp:pending", "fp:previous"


def plan(secret, seen, mode="auto", now=NOW, **options):
    return r.make_plan(Secret("f/a/stream", **secret), seen, Options(mode, **options), now)


def hosts(*marks, **more):
    return {f"h{number}": Seen((mark,), **more) for number, mark in enumerate(marks, 1)}


IDLE = {"current": C, "created": NOW - 10 * DAY}
PENDING = {**IDLE, "pending": P}
DONE = {**IDLE, "previous": V, "superseded": NOW - 100}


@pytest.mark.parametrize(
    "secret, marks, options, state, steps, target, move",
    [
        ({}, [""], {}, "absent", [], "current", []),
        (IDLE, [C, C], {}, "idle", [], "current", []),
        (IDLE, [C, C], {"max_age": 11 * DAY}, "idle", [], "current", []),
        (IDLE, [C, C], {"max_age": 10 * DAY}, "idle", ["stage", "cutover", "prove", "promote"],
         "pending", ["h1", "h2"]),
        (IDLE, [C], {"mode": "now"}, "idle", ["stage", "cutover", "prove", "promote"], "pending",
         ["h1"]),
        (IDLE, [C, ""], {}, "behind", ["cutover", "prove"], "current", ["h2"]),
        (DONE, [C, V], {"grace": 500}, "behind", ["cutover", "prove"], "current", ["h2"]),
        (DONE, [C, V], {}, "behind", ["cutover", "prove", "retire"], "current", ["h2"]),
        (DONE, [C, C], {"grace": 101}, "idle", [], "current", []),
        (DONE, [C, C], {"grace": 100}, "idle", ["retire"], "current", []),
        (PENDING, [C, C], {}, "staged", ["cutover", "prove", "promote"], "pending", ["h1", "h2"]),
        (PENDING, [C, P], {}, "cutover", ["cutover", "prove", "promote"], "pending", ["h1", "h2"]),
        (PENDING, [P, P], {}, "switched", ["cutover", "prove", "promote"], "pending", ["h1", "h2"]),
        (PENDING, [P, P], {"mode": "now"}, "switched", ["cutover", "prove", "promote"], "pending",
         ["h1", "h2"]),
        (PENDING, [C, C], {"mode": "abort"}, "staged", ["cutover", "prove", "discard"], "current",
         ["h1", "h2"]),
        (PENDING, [C, P], {"mode": "abort"}, "cutover", ["cutover", "prove", "discard"], "current",
         ["h1", "h2"]),
        (PENDING, [P, P], {"mode": "abort"}, "switched", ["cutover", "prove", "discard"],
         "current", ["h1", "h2"]),
        (IDLE, [C, C], {"mode": "abort", "max_age": DAY}, "idle", [], "current", []),
        ({"pending": P}, ["", P], {}, "cutover", ["cutover", "prove", "promote"], "pending",
         ["h1", "h2"]),
    ],
)  # fmt: skip
def test_the_way_from_every_state(secret, marks, options, state, steps, target, move):
    found = plan(secret, hosts(*marks), **options)
    assert (found.state, list(found.steps), found.target, list(found.move)) == (
        state, steps, target, move,
    )  # fmt: skip
    assert found.refusal == ()


def test_a_server_that_runs_on_something_else_than_its_disk_is_behind():
    assert plan(IDLE, hosts(C, running=False)).move == ("h1",)
    assert plan(IDLE, hosts(C, running=None)).move == ()


def test_one_application_behind_is_a_host_behind():
    assert plan(IDLE, {"h1": Seen((C, C, V)), "h2": Seen((C, C))} | {}, now=NOW).refusal
    known = {**IDLE, "previous": V, "superseded": NOW}
    assert plan(known, {"h1": Seen((C, C, V)), "h2": Seen((C, C))}, grace=9).move == ("h1",)


def test_unknown_secrets_stop_everything_and_are_named():
    for mode in ("auto", "now", "abort"):
        found = plan(PENDING, hosts(C, "fp:x", "fp:x", "fp:y"), mode)
        assert found.steps == () and len(found.refusal) == 2
        assert "h2, h3 have fp:x" in found.refusal[0] and "h4 has fp:y" in found.refusal[1]
        assert "adopt" in found.refusal[0]
    assert plan({}, hosts("fp:x")).refusal


def test_a_host_with_a_secret_retired_long_ago_is_brought_up():
    found = plan({**IDLE, "retired": ("fp:old",)}, hosts(C, "fp:old"))
    assert found.refusal == () and found.move == ("h2",)


def test_a_locked_scope_is_refused():
    assert plan({**IDLE, "locked": "root@c works on it"}, hosts(C)).refusal == (
        "f/a/stream: root@c works on it",
    )


DOWN = Seen(trouble="is unreachable")


def test_nothing_is_staged_or_touched_without_the_quorum():
    for secret, mode in ((IDLE, "now"), (PENDING, "auto")):
        found = plan(secret, {**hosts(C, C), "h3": DOWN}, mode)
        assert found.steps == ()
        assert "2 of 3 hosts can take part, 3 are needed" in found.refusal[0]
        assert "h3: is unreachable" in found.refusal[0]
        found = plan(secret, {**hosts(C, C), "h3": DOWN}, mode, quorum=2)
        assert found.refusal == () and "promote" in found.steps


def test_a_fleet_that_disagrees_is_brought_together_even_without_the_quorum():
    found = plan(PENDING, {**hosts(C, P), "h3": DOWN})
    assert list(found.steps) == ["cutover", "prove"] and found.move == ("h1", "h2")
    assert "cannot be promoted before enough hosts are back" in found.notes


def test_a_lost_host_keeps_what_it_may_hold():
    found = plan(DONE, {**hosts(C), "h2": DOWN})
    assert found.steps == () and "a host out of reach may have it" in found.notes[0]
    assert plan(DONE, {**hosts(C), "h2": DOWN}, quorum="50%").steps == ("retire",)
    found = plan(PENDING, {**hosts(C), "h2": DOWN}, "abort")
    assert found.steps == ("cutover", "prove") and "the pending secret is kept" in found.notes[1]
    assert "discard" in plan(PENDING, {**hosts(C), "h2": DOWN}, "abort", quorum=1).steps


def test_a_host_that_cannot_be_written_is_not_robbed_of_the_secret_it_holds():
    stuck = Seen((V,), trouble="its disk is read-only")
    assert plan(DONE, {**hosts(C), "h2": stuck}, quorum=1).steps == ()
    found = plan({**PENDING, "previous": V}, {**hosts(C), "h2": stuck}, quorum=1)
    assert "still holds the previous secret" in found.refusal[0]
    stuck = Seen((P,), trouble="its disk is read-only")
    assert "discard" not in plan(PENDING, {**hosts(C), "h2": stuck}, "abort", quorum=1).steps


def test_aborting_a_first_secret_is_refused():
    assert "no current secret to go back to" in plan({"pending": P}, hosts(P), "abort").refusal[0]


def test_what_will_be_destroyed_or_kept_is_said():
    assert V in plan({**DONE}, hosts(C), "now").notes[1]
    assert "kept for another 50 s" in plan(DONE, hosts(C), grace=150).notes[0]
    assert plan(IDLE, hosts(C), max_age=DAY).notes == ("is 10 days old",)


def test_the_quorum_excuses_hosts_out_of_reach_and_no_others():
    found = plan(IDLE, hosts(C, C, C), "now")
    fine = {"h1": "", "h2": "", "h3": ""}
    assert r.judge(found, fine, {}, "all").complete
    verdict = r.judge(found, {**fine, "h3": "takes the old token"}, {}, 1)
    assert not verdict.complete and verdict.unproved == {"h3": "takes the old token"}
    verdict = r.judge(found, {"h1": "", "h2": ""}, {}, 1)
    assert not verdict.complete and verdict.unproved == {"h3": "was not asked"}
    verdict = r.judge(found, {"h1": "", "h2": ""}, {"h3": "went away", "x": "none of ours"}, "all")
    assert not verdict.complete and verdict.lost == {"h3": "went away"}
    assert r.judge(found, {"h1": "", "h2": ""}, {"h3": "went away"}, "60%").complete
    assert not r.judge(found, {}, {}, "all").complete
