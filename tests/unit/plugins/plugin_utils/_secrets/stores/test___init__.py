from __future__ import annotations

import importlib

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import stores as _stores
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    ConfigError,
    Context,
    Store,
    StoreError,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores import open_store


def test_kinds_are_the_files():
    assert _stores.kinds() == ["openbao", "vault_file"]
    for kind in _stores.kinds():
        assert issubclass(importlib.import_module(f"{_stores.__name__}.{kind}").Kept, Store)


@pytest.mark.parametrize(
    "config, said",
    [
        (None, ["is not a mapping"]),
        ({}, ["kind is None", ", ".join(_stores.kinds())]),
        ({"kind": "../x"}, ["kind is '../x'"]),
        ({"kind": "__init__"}, ["kind is '__init__'"]),
        ({"kind": "vault_file"}, ["path is missing"]),
        (
            {"kind": "vault_file", "pathh": "x", "lock_timeout": "soon"},
            [
                "unknown option 'pathh', did you mean 'path'",
                "path is missing",
                "'soon' is not a number",
            ],
        ),
        ({"kind": "openbao"}, ["url is missing (or BAO_ADDR, VAULT_ADDR in the environment)"]),
        (
            {"kind": "openbao", "url": "https://x", "auth": "ldap"},
            ["'ldap' is not one of token, app"],
        ),
        ({"kind": "openbao", "url": "http://bao.example"}, ["would carry secrets in clear"]),
        ({"kind": "openbao", "url": "bao.example"}, ["is not an http(s) address"]),
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
    with pytest.raises(ConfigError, match=r"path .* is not a text"):
        open_store(config, Context(str(tmp_path)))
