from __future__ import annotations

import json

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import Conflict

from tests.kit.rotating import MANAGEMENT, STREAM, Fleet


def test_a_rotation_from_end_to_end():
    fleet = Fleet("h1", "h2")
    old = {scope: fleet.mark(scope, "current") for scope in (STREAM, MANAGEMENT)}
    passes, refusals = fleet.plan("now")
    assert refusals == [] and [work["name"] for work in passes] == ["applications", "management"]
    for work, scope in zip(passes, (STREAM, MANAGEMENT), strict=True):
        assert work["hosts"]["h1"]["try"][0]["version"] == "trial"
        assert old[scope] in work["lines"][1] and "refused by each host" in work["lines"][1]
        begun = fleet.begin(work)
        assert "lock" in fleet.store.kept[scope]
        assert begun["hosts"]["h1"]["give"][0]["version"] == "pending"
        assert begun["hosts"]["h1"]["old"][0]["version"] == "current"
        assert begun["live"] == ["h1", "h2"] and begun["batches"] == []
        done = fleet.finish(begun, *fleet.exchange(begun), grace=999)
        (record,) = done["records"]
        assert record["outcome"] == "promoted" and not done["unfinished"]
        assert record["from"] == old[scope] == fleet.mark(scope, "previous")
        assert record["to"] == fleet.mark(scope, "current")
        assert record["proved"] == ["h1", "h2"] and record["skew_seconds"] == 0.1
        assert "lock" not in fleet.store.kept[scope]
        assert "promoted " + scope in done["summary"] and "within 0.1 s" in done["summary"]
    assert fleet.plan(grace=999) == ([], [])
    secrets = [entry["secret"] for d in fleet.store.kept.values() for entry in
               _document.versions(d).values()]  # fmt: skip
    assert not any(secret in json.dumps([passes, begun, done]) for secret in secrets)


def test_without_grace_the_old_secret_goes_at_once():
    fleet = Fleet("h1", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=0)
    assert not fleet.mark(STREAM, "previous") and fleet.store.purged == [STREAM]


def test_retiring_needs_no_host():
    fleet = Fleet("h1", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=99)
    passes, _refusals = fleet.plan(grace=0)
    begun = fleet.begin(passes[0])
    assert passes[0]["hosts"] == {} and begun["hosts"] == {} and begun["lines"] == []
    fleet.exchange(begun)
    done = fleet.finish(begun, {}, {})
    assert done["records"][0]["outcome"] == "retired" and not fleet.mark(STREAM, "previous")


def test_what_is_not_proved_is_not_promoted_and_the_next_run_goes_on():
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    changes, proofs = fleet.exchange(begun)
    proofs["h2"] = fleet.proof("not enforced")
    done = fleet.finish(begun, changes, proofs)
    assert done["unfinished"] and done["records"][0]["outcome"] == "not finished"
    assert done["records"][0]["unproved"] == {"h2": "LiveApp: play not enforced: why"}
    assert "1 host (h2): LiveApp: play not enforced" in done["lines"][0]
    assert "antmedia_rotation=abort" in done["summary"]
    assert fleet.mark(STREAM, "pending") and "lock" not in fleet.store.kept[STREAM]
    passes, _refusals = fleet.plan()
    assert passes[0]["plans"][STREAM]["steps"] == ["cutover", "prove", "promote"]
    begun = fleet.begin(passes[0])
    assert begun["live"] == ["h1", "h2"]  # though they have it: they may be about to go back
    assert begun["hosts"]["h1"]["give"] == begun["hosts"]["h1"]["new"] != []
    done = fleet.finish(begun, *fleet.exchange(begun))
    assert done["records"][0]["outcome"] == "promoted"


def test_aborting():
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    changes, proofs = fleet.exchange(begun, skip=["h2"])
    proofs["h2"] = fleet.proof()
    assert fleet.finish(begun, changes, proofs)["records"][0]["missing"] == {"h2": "went away"}
    begun = fleet.begin(fleet.plan("abort")[0][0])
    assert begun["live"] == ["h1", "h2"]  # h2 too: it may be about to switch
    assert begun["hosts"]["h1"]["give"][0]["version"] == "current"
    assert begun["hosts"]["h1"]["old"][0]["version"] == "pending"
    done = fleet.finish(begun, *fleet.exchange(begun), mode="abort")
    assert done["records"][0]["outcome"] == "aborted" and not fleet.mark(STREAM, "pending")
    assert fleet.held["h1"] == fleet.held["h2"] == {STREAM: fleet.mark(STREAM, "current")}
    assert fleet.store.purged == [STREAM]


def test_a_host_that_missed_a_rotation_is_brought_up_while_another_is_still_away():
    fleet = Fleet("h1", "h2", "h3", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=999)
    fleet.held["h2"][STREAM] = fleet.mark(STREAM, "previous")
    fleet.troubles["h3"] = "cannot be reached"
    begun = fleet.begin(fleet.plan(grace=999)[0][0])
    assert begun["hosts"]["h2"]["old"][0]["version"] == "previous"
    done = fleet.finish(begun, *fleet.exchange(begun), grace=999)
    assert done["records"][0]["outcome"] == "brought up" and not done["unfinished"]
    assert fleet.held["h2"][STREAM] == fleet.mark(STREAM, "current")


def test_an_abort_that_cannot_end_is_no_success():
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    changes, proofs = fleet.exchange(begun, skip=["h2"])
    fleet.finish(begun, changes, proofs)
    fleet.troubles["h2"] = "cannot be reached"
    begun = fleet.begin(fleet.plan("abort")[0][0])
    done = fleet.finish(begun, *fleet.exchange(begun), mode="abort")
    assert done["records"][0]["outcome"] == "not finished" and done["unfinished"]
    assert fleet.mark(STREAM, "pending")


def test_an_abort_with_nothing_to_go_back_from_destroys_nothing():
    fleet = Fleet("h1", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=999)
    assert fleet.plan("abort", grace=0) == ([], [])


def test_without_grace_a_host_that_is_excused_keeps_what_it_holds_in_the_store():
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now", quorum=1)[0][0], quorum=1)
    done = fleet.finish(begun, *fleet.exchange(begun, skip=["h2"]), quorum=1, grace=0)
    assert done["records"][0]["outcome"] == "promoted"
    assert fleet.mark(STREAM, "previous") == fleet.held["h2"][STREAM]


def test_what_was_done_is_told_though_the_store_fails_later(monkeypatch):
    fleet = Fleet("h1")
    begun = fleet.begin(fleet.plan("now")[0][0])
    outcome = fleet.exchange(begun)

    def fails(*_args):
        raise Conflict("sealed")

    monkeypatch.setattr(fleet.store, "unlock", fails)
    assert fleet.finish(begun, *outcome, grace=9)["records"][0]["outcome"] == "promoted"
    begun = fleet.begin(fleet.plan("now")[0][-1])
    outcome = fleet.exchange(begun)
    monkeypatch.setattr(fleet.store, "promote", fails)
    done = fleet.finish(begun, *outcome, grace=9)
    assert done["unfinished"] and done["records"][0]["failure"] == "sealed"
    assert "not finished: sealed" in done["lines"][0]
