from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import stores as _stores
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    Conflict,
    Locked,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores import (
    ConfigError,
    Context,
    Missed,
    Store,
    StoreError,
    open_store,
)

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
    first = store.present(SCOPE)["current"]["fingerprint"]
    staged = store.stage(SCOPE, expect={"current": first, "pending": ""})["pending"]["fingerprint"]
    assert store.promote(SCOPE, expect={"pending": staged})["previous"]["fingerprint"] == first
    assert list(store.retire(SCOPE)) == ["current"]
    assert store.purged == [SCOPE]
    assert store.read(SCOPE)["current"]["fingerprint"] == staged
    assert store.list() == {
        SCOPE: {"current": {k: store.read(SCOPE)["current"][k] for k in ("fingerprint", "created")}}
    }
    assert store.saves == 4
    assert store.mark() == "" and store.close() is None and Store.purge(store, SCOPE) is False


def test_a_step_that_changes_nothing_saves_nothing():
    store = Memory()
    store.present(SCOPE)
    store.present(SCOPE)
    store.promote(SCOPE)
    store.retire(SCOPE)
    store.unlock([SCOPE])
    assert store.saves == 1


def test_a_lost_race_is_run_again_with_the_same_secret():
    store = Memory(others=2)
    made = store.present(SCOPE)["current"]
    assert store.saves == 3
    assert store.kept[SCOPE][0]["touched"] == 1
    assert store.read(SCOPE)["current"] == made


def test_a_race_lost_again_and_again_is_told():
    with pytest.raises(Missed):
        Memory(others=99).present(SCOPE)


def test_an_expectation_that_does_not_hold_names_the_scope():
    store = Memory()
    store.present(SCOPE)
    with pytest.raises(Conflict, match=rf"^{SCOPE}: the store has changed"):
        store.stage(SCOPE, expect={"current": "fp:000000000000"})
    with pytest.raises(ValueError, match="is no scope"):
        store.present("fleet/stream")


def test_another_run_is_kept_out(monkeypatch):
    store = Memory()
    store.present(SCOPE)
    store.lock([SCOPE])
    store.lock([SCOPE])
    store.stage(SCOPE)
    mine = _stores._owner.identity()
    monkeypatch.setattr(_stores._owner, "identity", lambda: {**mine, "run": "another"})
    for step in (store.promote, store.retire, store.stage, lambda scope: store.lock([scope])):
        with pytest.raises(Locked, match=f"^{SCOPE}: .*process"):
            step(SCOPE)
    store.unlock([SCOPE])
    assert store.kept[SCOPE][0]["lock"]["run"] == mine["run"]
    monkeypatch.undo()
    store.unlock([SCOPE])
    assert "lock" not in store.kept[SCOPE][0]


def test_all_locks_or_none(monkeypatch):
    store = Memory()
    store.lock([SCOPE])
    mine = _stores._owner.identity()
    monkeypatch.setattr(_stores._owner, "identity", lambda: {**mine, "run": "another"})
    with pytest.raises(Locked):
        store.lock([SCOPE, OTHER])
    assert "lock" not in store.kept[OTHER][0]


def test_a_store_needs_its_four_methods():
    with pytest.raises(TypeError, match="abstract"):
        Store({}, Context())


def test_kinds_are_the_files():
    assert _stores.kinds() == ["openbao", "vault_file"]


@pytest.mark.parametrize(
    "config, said",
    [
        (None, ["is no mapping"]),
        ({}, ["kind is None", "openbao, vault_file"]),
        ({"kind": "../x"}, ["kind is '../x'"]),
        ({"kind": "__init__"}, ["kind is '__init__'"]),
        ({"kind": "vault_file"}, ["path is missing"]),
        (
            {"kind": "vault_file", "pathh": "x", "lock_timeout": "soon"},
            [
                "unknown option 'pathh', did you mean 'path'",
                "path is missing",
                "'soon' is no number",
            ],
        ),
        ({"kind": "openbao"}, ["url is missing (or BAO_ADDR, VAULT_ADDR in the environment)"]),
        ({"kind": "openbao", "url": "https://x", "auth": "ldap"}, ["'ldap' is none of token, app"]),
        ({"kind": "openbao", "url": "http://bao.example"}, ["would carry secrets in clear"]),
        ({"kind": "openbao", "url": "bao.example"}, ["is no http(s) address"]),
        ({"kind": "openbao", "url": "https://u:p@x"}, ["must not hold credentials"]),
        ({"kind": "openbao", "url": "https://x", "auth": "approle"}, ["needs role_id and secret"]),
        ({"kind": "openbao", "url": "https://x", "role_id": "r"}, ["without secret_id"]),
        ({"kind": "openbao", "url": "https://x", "timeout": 0}, ["timeout 0 is not 0.001 to 600"]),
    ],
)
def test_every_fault_of_a_configuration_is_listed(config, said):
    with pytest.raises(ConfigError) as told:
        open_store(config, Context(environ={}))
    assert str(told.value).startswith("antmedia_secret_store: ")
    for part in said:
        assert part in str(told.value)
    assert isinstance(told.value, StoreError) and told.value.faults


def test_the_environment_stands_in():
    environ = {"VAULT_ADDR": "https://old", "BAO_ADDR": "https://new/", "BAO_NAMESPACE": "ns1"}
    store = open_store({"kind": "openbao", "url": "", "path": "/a/"}, Context(environ=environ))
    assert store.where() == "https://new ns1/secret/a"
    assert store.options["timeout"] == 10.0


@pytest.mark.parametrize("value", [["a"], {"a": 1}, True])
def test_a_text_is_a_text(tmp_path, value):
    config = {"kind": "vault_file", "path": value}
    with pytest.raises(ConfigError, match=r"path .* is no text"):
        open_store(config, Context(str(tmp_path)))
