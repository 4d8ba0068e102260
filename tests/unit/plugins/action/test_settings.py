from __future__ import annotations

import importlib
import types

import pytest
from ansible.plugins.action import ActionBase


@pytest.fixture
def run(monkeypatch):
    """What an action makes of what its module returns."""

    def of(name, result, **args):
        plugins = "ansible_collections.streamward.antmedia.plugins.action"
        action = object.__new__(importlib.import_module(f"{plugins}.{name}").ActionModule)
        action._task = types.SimpleNamespace(args=args, async_val=0, check_mode=False)
        action._templar = types.SimpleNamespace(template=lambda value: value)
        action._loader = None
        action._execute_module = lambda **_given: result
        return action.run(None, {"inventory_hostname": "edge1"})

    monkeypatch.setattr(ActionBase, "run", lambda *_given: {})
    return of


ON_HOSTS = ["cutover", "facts", "probe", "proved", "settings"]


@pytest.mark.parametrize("name", ON_HOSTS)
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


@pytest.mark.parametrize("name", ON_HOSTS)
@pytest.mark.parametrize(
    "args, fault",
    [
        ({"dashboard_cidrs": None}, "antmedia_dashboard_cidrs: is null, which says nothing"),
        ({"ready_timeout": -1}, "antmedia_ready_timeout: -1 is not 0 to 604800 (seconds)"),
        (
            {"secrets": {"apps": {"LiveApp": {"rest": "secret\ud800"}}}},
            "antmedia_secrets.apps.LiveApp.rest: holds half a character",
        ),
    ],
)
def test_what_cannot_be_meant_is_told_without_a_call(run, name, args, fault):
    result = run(name, AssertionError("it was called"), **args)
    assert result["failed"] and not result["changed"]
    assert result["msg"].startswith(
        f"edge1: the options are not valid, nothing was changed:\n- {fault}"
    )
    assert [fault] == [found[: len(fault)] for found in result["faults"]]
    assert "secret\ud800" not in str(result)


def test_what_ansible_leaves_in_a_task_that_is_tried_again_is_no_option(run):
    assert run("settings", {"changed": False}, _ansible_socket=None) == {"changed": False}
