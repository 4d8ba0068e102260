from __future__ import annotations

import json
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    exchange as _exchange,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    owner as _owner,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import Conflict

from tests.kit.kept import stage
from tests.kit.rotating import STREAM, Fleet


def test_a_check_touches_nothing():
    fleet = Fleet("h1", scopes=[STREAM])
    before = json.dumps(fleet.store.kept)
    begun = fleet.begin(fleet.plan("now")[0][0], check=True)
    assert "1 host would switch at one instant, without" in begun["lines"][0]
    assert json.dumps(fleet.store.kept) == before


def test_a_store_that_changed_after_the_plan_stops_the_run_and_leaves_no_lock():
    fleet = Fleet("h1", scopes=[STREAM])
    work = fleet.plan("now")[0][0]
    stage(fleet.store, STREAM)
    with pytest.raises(Conflict, match="changed meanwhile"):
        fleet.begin(work)
    assert "lock" not in fleet.store.kept[STREAM]


def test_another_run_is_kept_out(monkeypatch):
    fleet = Fleet("h1", scopes=[STREAM])
    work = fleet.plan("now")[0][0]
    fleet.begin(work)
    mine = _owner.identity()
    monkeypatch.setattr(_owner, "identity", lambda: {**mine, "run": "another"})
    _passes, refusals = fleet.plan("now")
    assert "works on it since" in refusals[0]
    with pytest.raises(_document.Locked):
        fleet.begin(work)


def test_hosts_that_restart_come_in_batches_and_after_the_others():
    fleet = Fleet(*(f"h{number:02}" for number in range(12)), scopes=[STREAM])
    fleet.ways = {f"h{number:02}": "restart" for number in range(2, 12)}
    begun = fleet.begin(fleet.plan("now")[0][0], batches=[1, "30%", "100%"])
    assert begun["live"] == ["h00", "h01"]
    assert [len(batch) for batch in begun["batches"]] == [1, 3, 6]
    assert "will restart, one batch after the other" in begun["lines"][0]
    done = fleet.finish(begun, *fleet.exchange(begun))
    assert done["records"][0]["skew_seconds"] == 0.1  # of those that switch together


def test_the_instant_follows_the_preflight_unless_the_operator_says():
    assert _exchange.Timing(None, None, time.time).ahead(1000.0) == 5.0
    # To prepare takes as long again, and to call it off too.
    assert _exchange.Timing(980.0, None, time.time).ahead(1000.0) == 52.0
    assert _exchange.Timing(980.0, 3.5, time.time).ahead(1000.0) == 3.5
    # Locks hold while a batch drains, too.
    assert _exchange.Timing(980.0, 3.5, time.time, 3600.0).hold(3.5) > 3600.0 + 3 * 3.5


WAITS, FAILED, GONE = {"cutover_pid": 1}, {"failed": True}, {"unreachable": True}


@pytest.mark.parametrize(
    "prepared, quorum, took, call_off, said",
    [
        ([WAITS, WAITS, WAITS], "all", 20, [], ""),
        ([WAITS, FAILED, WAITS], "all", 20, ["h1", "h3"], "called off: h2 cannot"),
        ([WAITS, FAILED, WAITS], 1, 20, ["h1", "h3"], "called off: h2 cannot"),
        # As long as hosts need to prepare they need to be told the contrary.
        ([WAITS, FAILED, WAITS], "all", 26, [], "too late to call off"),
        ([WAITS, GONE, WAITS], "all", 20, ["h1", "h3"], "called off: h2 cannot"),
        ([WAITS, GONE, WAITS], "100%", 20, ["h1", "h3"], "called off: h2 cannot"),
        ([WAITS, GONE, WAITS], 2, 20, [], ""),
        ([WAITS, GONE, None], 2, 20, ["h1"], "called off: h2, h3 cannot"),
        ([{}, FAILED, {}], "all", 20, [], ""),
    ],
)
def test_a_cutover_is_called_off_on_all_or_on_none(prepared, quorum, took, call_off, said):
    fleet = Fleet("h1", "h2", "h3", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now", quorum=quorum)[0][0], quorum, lead=52.0)
    found = dict(zip(begun["live"], prepared, strict=True))
    done = _exchange.decide(begun, found, quorum, begun["told_at"] + took)
    assert done["call_off"] == call_off and said in " ".join(done["lines"])
    assert bool(done["lines"]) == bool(said)


def test_a_host_that_is_missed_by_nobody_calls_nothing_off():
    """Bringing up a host after a rotation needs no other."""
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=999)
    fleet.held = {name: {STREAM: fleet.mark(STREAM, "previous")} for name in fleet.held}
    begun = fleet.begin(fleet.plan(grace=999)[0][0])
    assert _exchange.decide(begun, {"h1": WAITS, "h2": GONE}, "all", 0.0)["call_off"] == []


def test_a_host_that_failed_stops_the_batches():
    assert _exchange.stopped_by({"h1": {}, "h2": GONE, "h3": {"skipped": True}}) == []
    assert _exchange.stopped_by({"h1": {}, "h2": FAILED}) == ["h2"]
