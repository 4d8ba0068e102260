from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import on_host as _on_host


class Play:
    no_log = False


class Connection:
    _play_context = Play()


class Action:
    """As Ansible makes them: the connection has a context of its own."""

    _play_context, _connection = Play(), Connection()

    def __init__(self, fails=False):
        self.fails = fails

    def _execute_module(self, **arguments):
        if self.fails:
            raise RuntimeError
        return {"hidden": self._connection._play_context.no_log, **arguments}


def test_answers_of_the_host_are_hidden_from_the_connections_log():
    answer = _on_host.ask(Action(), "ansible.builtin.slurp", {"src": "/x"}, {"a": 1})
    assert answer["hidden"] is True and answer["module_name"] == "ansible.builtin.slurp"
    assert answer["module_args"] == {"src": "/x"} and answer["task_vars"] == {"a": 1}
    assert Connection._play_context.no_log is False


def test_and_the_next_task_is_shown_again_whatever_happens():
    with pytest.raises(RuntimeError):
        _on_host.ask(Action(fails=True), "ansible.builtin.slurp", {}, {})
    assert Connection._play_context.no_log is False


def test_a_host_sets_no_variable_of_ours():
    facts = {"antmedia": {"x": 1}, "antmedia_report_dir": "/tmp", "discovered_interpreter_x": "/p"}
    answer = {"changed": True, "ansible_facts": facts}
    assert _on_host.shown(answer, ("antmedia",))["ansible_facts"] == {
        "antmedia": {"x": 1},
        "discovered_interpreter_x": "/p",
    }
    assert _on_host.shown({"ansible_facts": {"antmedia_home": "/"}}) == {}
    assert _on_host.shown({"ansible_facts": "none"}) == {}


def test_what_a_host_says_is_visible():
    shown = _on_host.shown({"msg": 5, "\x1b": {"\x07": "\u202e"}})
    assert shown == {"msg": "5", "\\x1b": {"\\x07": "\\u202e"}}
