from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    passes as _passes,
    preflight as _preflight,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.preflight import (
    RotationRefused,
)

from tests.kit.rotating import MANAGEMENT, STREAM, Fleet


def test_a_preflight_that_fails_anywhere_stages_nothing():
    fleet = Fleet("h1", "h2", "h3")
    work = fleet.plan("now")[0][0]
    fleet.failing = {
        "h1": {"failed": True, "msg": "h1: the policy\ncannot"},
        "h2": {"restart_required": True, "reasons": ["jwtStreamSecretKey"]},
    }
    before = json.dumps(fleet.store.kept)
    with pytest.raises(RotationRefused) as told:
        fleet.begin(work)
    assert len(told.value.faults) == 2 and "h1: the policy cannot" in str(told.value)
    assert "h2: would need a restart for jwtStreamSecretKey" in str(told.value)
    assert json.dumps(fleet.store.kept) == before


def test_a_host_lost_after_the_plan():
    fleet = Fleet("h1", "h2")
    work = fleet.plan("now")[0][0]
    fleet.failing = {"h2": {"unreachable": True}}
    with pytest.raises(RotationRefused, match=r"not enough hosts .*h2: cannot be reached any"):
        fleet.begin(work)
    begun = fleet.begin(work, quorum=1)
    assert begun["live"] == ["h1"] and set(begun["hosts"]) == {"h1"}
    done = fleet.finish(begun, *fleet.exchange(begun), quorum=1)
    assert done["records"][0]["missing"] == {"h2": "cannot be reached any more"}
    assert done["records"][0]["outcome"] == "promoted"


def test_a_clock_that_is_off_stops_it():
    fleet = Fleet("h1", "h2", "h3", scopes=[STREAM])
    fleet.failing = {"h1": {"clock_ahead": -61.2}, "h2": {"clock_ahead": 4.0}}
    with pytest.raises(RotationRefused, match="h1: its clock is 61 s behind") as told:
        fleet.begin(fleet.plan("now")[0][0])
    assert len(told.value.faults) == 1
    fleet.failing = {"h3": {"clock_ahead": 11.0}}
    with pytest.raises(RotationRefused, match="h3: its clock is 11 s ahead of"):
        fleet.begin(fleet.plan("now")[0][0])


def test_what_several_passes_need_is_tried_together_before_the_first():
    fleet = Fleet("h1", "h2")
    passes, _refusals = fleet.plan("now")
    tried = _passes.together(passes)
    assert {use["scope"] for use in tried["h2"]} == {STREAM, MANAGEMENT} and len(tried) == 2
    assert _passes.together(passes[:1]) == {}
    _preflight.refuse_unable(sorted(tried), {"h1": {"way": "restart"}, "h2": {"unreachable": True}})
    with pytest.raises(RotationRefused, match="nothing was changed: on air"):
        _preflight.refuse_unable(sorted(tried), {"h1": {"failed": True, "msg": "on air"}, "h2": {}})


def test_a_later_pass_that_is_refused_says_what_was_done():
    fleet = Fleet("h1")
    applications, management = fleet.plan("now")[0]
    fleet.failing = {"h1": {"failed": True, "msg": "on air"}}
    with pytest.raises(RotationRefused, match=r"^nothing was changed: on air"):
        fleet.begin(applications)
    with pytest.raises(RotationRefused, match=r"^the secrets of applications were exchanged"):
        fleet.begin(management)


@pytest.mark.parametrize("quorum, found", [("all", ["h2"]), ("90%", ["h2"]), ("50%", [])])
def test_hosts_that_are_not_there_are_told_unless_the_quorum_excuses_them(quorum, found):
    fleet = Fleet("h1", "h2")
    fleet.troubles["h2"] = "its server does not run"
    assert list(_preflight.absent(fleet.hosts, quorum)) == found


@pytest.mark.parametrize(
    "count, batches, sizes",
    [(5, [2], [2, 2, 1]), (5, ["50%"], [3, 2]), (0, [1], []), (3, [], [3]), (3, [9], [3]),
     (4, ["1%", 2], [1, 2, 1])],
)  # fmt: skip
def test_batches(count, batches, sizes):
    hosts = [f"h{number}" for number in range(count)]
    found = _preflight.split(hosts, batches)
    assert [len(batch) for batch in found] == sizes and [
        h for batch in found for h in batch
    ] == hosts


def test_batches_are_named_where_they_are_wrong():
    with pytest.raises(ValueError, match="antmedia_batches: 'some'"):
        _preflight.split(["h1"], ["some"])


@pytest.mark.parametrize("batches", [[1, "0%"], [-1], ["100%", "nan%"], [None], [1, 0]])
@pytest.mark.parametrize("hosts", [[], ["a"]])
def test_batches_are_checked_to_the_last_even_for_nobody(hosts, batches):
    with pytest.raises(ValueError, match="antmedia_batches: "):
        _preflight.split(hosts, batches)
