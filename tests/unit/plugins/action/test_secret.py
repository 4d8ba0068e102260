from __future__ import annotations

import importlib

import pytest
import yaml
from ansible_collections.streamward.antmedia.plugins.action import secret as action
from ansible_collections.streamward.antmedia.plugins.lookup import secrets as lookup
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.modules import secret as module
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    changes as _changes,
    document as _document,
    steps as _steps,
    stores as _stores,
)

OPTIONS = yaml.safe_load(module.DOCUMENTATION)["options"]


def test_the_documentation_parses():
    assert yaml.safe_load(module.EXAMPLES)
    assert {"scopes", "where", "destroyed"} == set(yaml.safe_load(module.RETURN))
    assert yaml.safe_load(lookup.DOCUMENTATION) and yaml.safe_load(lookup.EXAMPLES)


def test_every_kind_of_store_and_each_of_its_options_is_documented():
    text = " ".join(OPTIONS["store"]["description"])
    for kind in _stores.kinds():
        assert f"V({kind})" in text
        store = importlib.import_module(f"{_stores.__name__}.{kind}").Kept
        for option in store.OPTIONS:
            assert f"C({option})" in text, f"{kind}: {option}"


def test_states_and_defaults_are_those_of_the_core():
    assert OPTIONS["state"]["choices"] == [*_steps.STEPPED, "adopted", "listed"]
    assert OPTIONS["length"]["default"] == _changes.DEFAULT_LENGTH
    versions = yaml.safe_load(lookup.DOCUMENTATION)["options"]["version"]["choices"]
    assert set(versions) == set(_document.VERSIONS)


FACTS = {
    "version": "2.17.1",
    "fingerprints": {
        **dict.fromkeys(_words.SERVER_REALMS, "fp:1"),
        "apps": {"LiveApp": {**dict.fromkeys(_words.APP_REALMS, ""), "rest": "fp:2"}},
    },
}


def test_what_a_host_verifies_with():
    version, marks = action._in_use(FACTS)
    assert version == (2, 17, 1)
    assert marks == {
        **{("", word): "fp:1" for word in _words.SERVER_REALMS},
        **{("LiveApp", word): "" for word in _words.APP_REALMS},
        ("LiveApp", "rest"): "fp:2",
    }


def test_no_host_speaks_for_all_applications():
    apps = {_document.DEFAULT_APP: {"rest": "fp:3", "stream": "fp:4"}}
    facts = dict(FACTS, fingerprints={"management": "", "apps": apps})
    with pytest.raises(ValueError, match="would give its secrets to all others"):
        action._in_use(facts)
