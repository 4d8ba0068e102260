from __future__ import annotations

import importlib
import types

import pytest
from ansible.plugins.action import ActionBase


@pytest.fixture
def run(monkeypatch):
    """What an action makes of what its module returns."""

    def of(name, result):
        plugins = "ansible_collections.streamward.antmedia.plugins.action"
        action = object.__new__(importlib.import_module(f"{plugins}.{name}").ActionModule)
        action._task = types.SimpleNamespace(args={}, async_val=0, check_mode=False)
        action._execute_module = lambda **_given: result
        return action.run(None, {"inventory_hostname": "edge1"})

    monkeypatch.setattr(ActionBase, "run", lambda *_given: {})
    return of


@pytest.mark.parametrize("name", ["facts", "probe", "settings"])
def test_an_error_names_the_host_as_the_inventory_does(run, name):
    text = "vm: it is so:\n- x: y"
    failed = {"failed": True, "msg": text, "exception": text}
    named = run(name, failed)
    assert named["msg"] == "edge1: it is so:\n- x: y"
    assert "vm" not in str(named)


@pytest.mark.parametrize(
    "result",
    [
        {"failed": True, "msg": "missing required arguments: x"},
        {"failed": True},
        {"changed": False, "msg": "LiveApp: all is well"},
    ],
)
def test_nothing_else_is_renamed(run, result):
    assert run("settings", dict(result)) == result
