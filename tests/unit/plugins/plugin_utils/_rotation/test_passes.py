from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import passes as _passes
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import Selection

from tests.kit.kept import present
from tests.kit.rotating import ALL, MANAGEMENT, STREAM, Fleet


def test_nothing_to_do_is_nothing():
    assert Fleet("h1", "h2").plan() == ([], [])


def test_the_selection():
    fleet = Fleet("h1")
    assert [w["name"] for w in fleet.plan("now", Selection(("stream",)))[0]] == ["applications"]
    assert fleet.plan("now", Selection(("stream", "rest"), ("other",))) == ([], [])
    # Who names applications does not ask for new secrets, and restarts, of the whole fleet.
    passes, _refusals = fleet.plan("now", Selection(ALL.realms, ("LiveApp",)))
    assert [list(work["plans"]) for work in passes] == [[STREAM]]


def test_a_refusal_of_one_scope_is_told():
    fleet = Fleet("h1", "h2")
    fleet.troubles["h2"] = "cannot be reached"
    passes, refusals = fleet.plan("now")
    assert passes == [] and len(refusals) == 2 and "h2: cannot be reached" in refusals[0]


def test_what_a_variable_may_give():
    fleet = Fleet("h1", "h2")
    known = {scope: {fleet.mark(scope, "current")} for scope in (STREAM, MANAGEMENT)}
    assert _passes.allowed(fleet.store.kept, []) == known
    passes, _refusals = fleet.plan("now", Selection(("stream",)))
    assert _passes.allowed(fleet.store.kept, passes) == {**known, STREAM: set()}
    begun = fleet.begin(passes[0])
    fleet.exchange(begun, skip=["h2"])
    passes, _refusals = fleet.plan()
    pending = {fleet.mark(STREAM, "pending")}
    assert _passes.allowed(fleet.store.kept, passes) == {**known, STREAM: pending}


def test_a_scope_that_no_host_uses_stands_in_nobodys_way():
    fleet = Fleet("h1", scopes=[STREAM])
    present(fleet.store, "fleet/unused/stream")
    assert fleet.plan("now", quorum="90%")[1] == []


def test_a_scope_that_only_an_absent_host_may_use_waits_for_it():
    """It would be the only one that counts, and veto what it may have no part in."""
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    present(fleet.store, "fleet/unused/stream")
    fleet.troubles["h2"] = "cannot be reached"
    passes, refusals = fleet.plan("now", quorum=1)
    assert refusals == [] and [list(work["plans"]) for work in passes] == [[STREAM]]
    # With nobody there, nobody can say who uses what.
    fleet.troubles["h1"] = "cannot be reached"
    assert len(fleet.plan("now", quorum=1)[1]) == 2


def test_applications_that_the_store_does_not_know():
    documents = {"fleet/LiveApp/rest": {}, "fleet/_default/stream": {}, "fleet/management": {}}
    _passes.refuse_unknown([], documents)
    _passes.refuse_unknown(["LiveApp", "_default"], documents)
    with pytest.raises(ValueError, match="no secret of LiveAp, only of LiveApp, _default"):
        _passes.refuse_unknown(["LiveApp", "LiveAp"], documents)
