from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import owner as _owner
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    Conflict,
    Locked,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
    Missed,
    Store,
)

from tests.kit.kept import present, read, stage

SCOPE = "fleet/LiveApp/stream"
OTHER = "fleet/LiveApp/rest"


class Memory(Store):
    """The least a store has to be."""

    def __init__(self, others=0):
        super().__init__({}, Context())
        self.kept, self.others, self.saves, self.purged = {}, others, 0, []

    def where(self):
        return "memory"

    def load(self, scope):
        return self.kept.get(scope, ({}, 0))

    def save(self, scope, document, token):
        self.saves += 1
        if self.others:
            self.others -= 1
            have, at = self.load(scope)
            self.kept[scope] = ({**have, "touched": at}, at + 1)
        if self.load(scope)[1] != token:
            raise Missed("memory")
        self.kept[scope] = (document, token + 1)

    def scopes(self, fleet=None):
        return sorted(scope for scope in self.kept if not fleet or scope.startswith(fleet + "/"))

    def purge(self, scope):
        self.purged.append(scope)
        return True


def test_a_store_of_four_methods_rotates():
    store = Memory()
    first = present(store, SCOPE)["current"]["fingerprint"]
    staged = stage(store, SCOPE, expect={"current": first, "pending": ""})["pending"]["fingerprint"]
    assert store.promote(SCOPE, expect={"pending": staged})["previous"]["fingerprint"] == first
    assert list(store.retire(SCOPE)) == ["current"]
    assert store.purged == [SCOPE]
    assert read(store, SCOPE)["current"]["fingerprint"] == staged
    assert store.list() == {
        SCOPE: {
            "current": {k: read(store, SCOPE)["current"][k] for k in ("fingerprint", "created")}
        }
    }
    assert store.saves == 4
    assert store.mark() == "" and store.close() is None and Store.purge(store, SCOPE) is False


def test_a_step_that_changes_nothing_saves_nothing():
    store = Memory()
    present(store, SCOPE)
    present(store, SCOPE)
    store.promote(SCOPE)
    store.retire(SCOPE)
    store.unlock([SCOPE])
    assert store.saves == 1


def test_a_lost_race_is_run_again_with_the_same_secret():
    store = Memory(others=2)
    made = present(store, SCOPE)["current"]
    assert store.saves == 3
    assert store.kept[SCOPE][0]["touched"] == 1
    assert read(store, SCOPE)["current"] == made


def test_a_race_lost_again_and_again_is_told():
    with pytest.raises(Missed):
        present(Memory(others=99), SCOPE)


def test_an_expectation_that_does_not_hold_names_the_scope():
    store = Memory()
    present(store, SCOPE)
    with pytest.raises(Conflict, match=rf"^{SCOPE}: the store has changed"):
        stage(store, SCOPE, expect={"current": "fp:000000000000"})
    with pytest.raises(ValueError, match="is not a scope"):
        present(store, "fleet/stream")


def test_another_run_is_kept_out(monkeypatch):
    store = Memory()
    present(store, SCOPE)
    store.lock([SCOPE])
    store.lock([SCOPE])
    stage(store, SCOPE)
    mine = _owner.identity()
    monkeypatch.setattr(_owner, "identity", lambda: {**mine, "run": "another"})
    for step in (Store.promote, Store.retire, stage, lambda store, scope: store.lock([scope])):
        with pytest.raises(Locked, match=f"^{SCOPE}: .*process"):
            step(store, SCOPE)
    store.unlock([SCOPE])
    assert store.kept[SCOPE][0]["lock"]["run"] == mine["run"]
    monkeypatch.undo()
    store.unlock([SCOPE])
    assert "lock" not in store.kept[SCOPE][0]


def test_all_locks_or_none(monkeypatch):
    store = Memory()
    store.lock([SCOPE])
    mine = _owner.identity()
    monkeypatch.setattr(_owner, "identity", lambda: {**mine, "run": "another"})
    with pytest.raises(Locked):
        store.lock([SCOPE, OTHER])
    assert "lock" not in store.kept[OTHER][0]


def test_a_store_needs_its_four_methods():
    with pytest.raises(TypeError, match="abstract"):
        Store({}, Context())
