from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.doc_fragments.policy import ModuleDocFragment
from ansible_collections.streamward.antmedia.plugins.module_utils import _options

yaml = pytest.importorskip("yaml")


def plain(spec):
    """What documentation and specification both say of an option."""
    return {
        "type": spec.get("type", "str"),
        "default": spec.get("default"),
        "choices": spec.get("choices"),
        "elements": spec.get("elements"),
        "options": {
            name: plain(inner)
            for name, inner in (spec.get("options") or spec.get("suboptions") or {}).items()
        },
    }


def test_the_policy_is_documented_as_it_is_taken():
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    taken = _options.policy_spec()
    assert {name: plain(spec) for name, spec in documented.items()} == {
        name: plain(spec) for name, spec in taken.items()
    }


def test_secrets_are_hidden_from_logs():
    assert _options.policy_spec()["secrets"]["no_log"] is True


def test_every_call_makes_its_own():
    _options.policy_spec()["apps"]["default"]["x"] = 1
    assert _options.policy_spec()["apps"]["default"] == {}
    assert _options.home_spec() == {"home": {"type": "path", "default": "/usr/local/antmedia"}}
