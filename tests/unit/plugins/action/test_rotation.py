from __future__ import annotations

import types

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.streamward.antmedia.plugins.action import rotation as action
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words


@pytest.mark.parametrize(
    "option, variable",
    [
        ("max_age", "antmedia_secret_max_age"),
        ("grace", "antmedia_previous_grace"),
        ("quorum", "antmedia_rotation_quorum"),
        ("lead", "antmedia_cutover_lead"),
        ("record", "antmedia_rotation_log"),
        ("drain_timeout", "antmedia_drain_timeout"),
    ],
)
def test_a_null_is_told_by_its_variable(monkeypatch, option, variable):
    monkeypatch.setattr(ActionBase, "run", lambda *_given: {})
    made = object.__new__(action.ActionModule)
    made._task = types.SimpleNamespace(args={"step": "plan", option: None})
    with pytest.raises(ValueError, match=f"{variable}: is null, which says nothing"):
        made.work({})


@pytest.mark.parametrize("value", [-1, float("nan"), "nan", 10**400, 86401])
def test_a_lead_out_of_bounds(monkeypatch, value):
    monkeypatch.setattr(ActionBase, "run", lambda *_given: {})
    made = object.__new__(action.ActionModule)
    made._task = types.SimpleNamespace(args={"step": "begin", "lead": value})
    with pytest.raises(ValueError, match=r"antmedia_cutover_lead: .* is not 0 to 86400"):
        made.work({})


def test_the_realms_are_those_there_are():
    option = action.argument_spec()["realms"]
    assert option["choices"] == option["default"] == list(_words.REALMS)
