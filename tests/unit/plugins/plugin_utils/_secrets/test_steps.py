from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    steps as steps,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
    Store,
)

from tests.kit.kept import present, stage

SCOPE, OTHER = "fleet/LiveApp/stream", "fleet/management"
OWN = "O-own-secret-of-43-characters-0123456789-xyz"


class Memory(Store):
    def __init__(self):
        super().__init__({}, Context())
        self.kept = {}

    def where(self):
        return "memory"

    def load(self, scope):
        return self.kept.get(scope, {}), None

    def save(self, scope, document, token):
        self.kept[scope] = document

    def scopes(self, fleet=None):
        return sorted(self.kept)


def options(state, **more):
    return {
        "state": state, "scopes": [SCOPE], "secret": None, "length": 43, "version": "previous",
        "expect": {}, **more,
    }  # fmt: skip


def test_the_states_are_the_steps_of_a_rotation():
    store = Memory()
    for state, versions in (
        ("present", {"current"}),
        ("present", {"current"}),
        ("staged", {"current", "pending"}),
        ("promoted", {"current", "previous"}),
        ("retired", {"current"}),
    ):
        done = steps.take(store, options(state), False)
        assert set(_document.describe(done[SCOPE][1])) == versions
    assert steps.take(store, options("retired"), False)[SCOPE][0] == store.kept[SCOPE]


def test_a_prediction_changes_nothing_and_names_no_secret_that_will_never_be():
    store = Memory()
    before, after = steps.take(store, options("present"), True)[SCOPE]
    assert before == {} and after["current"]["fingerprint"] == "fp:new" and store.kept == {}
    after = steps.take(store, options("present", secret=OWN), True)[SCOPE][1]
    assert after["current"]["fingerprint"] == fingerprint(OWN)
    steps.take(store, options("present"), False)
    mark = store.kept[SCOPE]["current"]["fingerprint"]
    assert steps.take(store, options("staged"), True)[SCOPE][1]["current"]["fingerprint"] == mark


def test_the_length_is_the_operators():
    store = Memory()
    steps.take(store, options("present", length=47), False)
    assert len(store.kept[SCOPE]["current"]["secret"]) == 47


def test_adopting_goes_on_after_a_conflict_and_tells_it():
    store = Memory()
    steps.take(store, options("present", secret=OWN), False)
    done, conflicts = steps.adopt(store, {SCOPE: "theirs", OTHER: "ours"}, False)
    assert list(done) == [OTHER] and store.kept[OTHER]["current"]["secret"] == "ours"
    assert len(conflicts) == 1 and conflicts[0].startswith(SCOPE)
    assert "theirs" not in conflicts[0] and fingerprint("theirs") in conflicts[0]
    assert store.kept[SCOPE]["current"]["secret"] == OWN
    done, conflicts = steps.adopt(store, {"fleet/cluster": "key"}, True)
    assert not conflicts and "fleet/cluster" not in store.kept


def test_a_secret_that_applications_share_is_not_adopted_for_one_of_them():
    """Neither by a second look at the fleet, nor from a host that was away for long."""
    store = Memory()
    default = "fleet/_default/stream"
    first = present(store, default)["current"]["secret"]
    second = stage(store, default)["pending"]["secret"]
    for secret in (first, second):
        assert steps.adopt(store, {SCOPE: secret}, False) == ({}, [])
    store.promote(default)
    store.retire(default)
    assert steps.adopt(store, {SCOPE: first}, False) == ({}, []) and list(store.kept) == [default]
    done, _conflicts = steps.adopt(store, {SCOPE: OWN}, False)
    assert list(done) == [SCOPE]
    # With a secret of its own, another one is a conflict, whoever else uses it.
    assert steps.adopt(store, {SCOPE: second}, False)[1]


def test_a_diff_shows_fingerprints():
    store = Memory()
    done = steps.take(store, options("present", secret=OWN), False)
    (shown,) = steps.diff(done, "here")
    assert shown["before"] == "" and fingerprint(OWN) in shown["after"] and OWN not in str(shown)
    assert steps.diff(steps.take(store, options("present"), False), "here") == []


@pytest.mark.parametrize(
    "more, said",
    [
        ({"scopes": []}, ["scopes: is needed for state staged"]),
        ({"scopes": ["fleet/x"], "length": 12}, ["is not a scope", "length: is 32 to 47, not 12"]),
        ({"secret": OWN, "scopes": [SCOPE, OTHER]}, ["exactly one scope"]),
        ({"secret": OWN, "state": "promoted"}, ["needs state present or staged"]),
        ({"expect": {OTHER: {}}}, [f"{OTHER} is not one of the scopes"]),
        ({"expect": {SCOPE: {"newest": "fp:1"}}}, ["not a mapping of versions"]),
    ],
)
def test_every_fault_of_the_options_is_told(more, said):
    faults = steps.faults({**options("staged"), **more})
    assert len(faults) == len(said)
    for fault, part in zip(faults, said, strict=True):
        assert part in fault


def test_good_options_have_no_faults():
    assert steps.faults(options("staged", secret=OWN, expect={SCOPE: {"pending": ""}})) == []
    assert steps.faults(options("listed", scopes=[])) == []


def test_what_a_policy_needs_and_the_store_lacks():
    policy = {
        "management_jwt": True,
        "app_defaults": {"rest_jwt": True, "play": "none"},
        "apps": {"LiveApp": {"publish": "jwt"}, "x": None},
        "group_apps": None,
        "host_apps": {"events": {"play": "hash", "rest_jwt": False}},
    }
    assert steps.needed(policy, "f", []) == ["f/_default/rest", "f/_default/stream", "f/management"]
    known = ["f/LiveApp/stream", "f/management"]
    assert steps.needed(policy, "f", known) == ["f/_default/rest"]
    assert steps.needed({}, "f", []) == []
    assert steps.faults(options("present", scopes=[])) == []
