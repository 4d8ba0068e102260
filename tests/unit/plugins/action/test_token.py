from __future__ import annotations

from types import SimpleNamespace

import pytest
import yaml
from ansible_collections.streamward.antmedia.plugins.action import token as action
from ansible_collections.streamward.antmedia.plugins.modules import token as module
from ansible_collections.streamward.antmedia.plugins.plugin_utils import _tokens, _tokens_batch

SPEC = action.argument_spec()
OPTIONS = yaml.safe_load(module.DOCUMENTATION)["options"]


def test_secrets_are_marked():
    marked = {name for name, option in SPEC.items() if option.get("no_log")}
    assert marked == {"secret", "secrets", "subscriber_secret", "token"}


def test_choices_are_those_of_the_core():
    assert SPEC["realm"]["choices"] == list(_tokens.REALMS)
    assert SPEC["kind"]["choices"] == list(_tokens.KINDS)
    assert SPEC["format"]["choices"] == list(_tokens_batch.FORMATS)


def test_no_choices_on_secrets():
    # Ansible prints the value that is none of them.
    assert not any("choices" in SPEC[name] for name in action.SECRET_OPTIONS)


def test_the_documentation_parses():
    assert set(SPEC) == set(OPTIONS)
    assert yaml.safe_load(module.EXAMPLES)
    assert {"token", "strings", "accepted", "verdict"} <= set(yaml.safe_load(module.RETURN))


def test_answers_of_the_host_are_hidden_from_the_connections_log():
    seen = []

    class Play:
        no_log = False

    class Action:
        _play_context = Play()
        _display = SimpleNamespace(display=None, v=None)
        _task = SimpleNamespace(check_mode=False)

        def _execute_module(self, **arguments):
            seen.append((self._play_context.no_log, arguments["module_name"]))
            raise RuntimeError

    edge = action.Edge(Action(), {"inventory_hostname": "edge1"})
    with pytest.raises(RuntimeError):
        edge.on_host("ansible.builtin.slurp", {})
    assert seen == [(True, "ansible.builtin.slurp")]
    assert Action._play_context.no_log is False
