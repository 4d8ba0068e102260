from __future__ import annotations

import types

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import line as _line


@pytest.fixture
def shown():
    """What a result makes an action show."""

    def of(check=False, **result):
        lines = []
        action = types.SimpleNamespace(
            _task=types.SimpleNamespace(check_mode=check),
            _display=types.SimpleNamespace(display=lines.append),
        )
        _line.show(action, result, "edge1")
        return lines

    return of


@pytest.mark.parametrize(
    "check, live, restart",
    [
        (False, "applied live, without a restart", "restarted for a, b"),
        (True, "would be applied live, without a restart", "would restart for a, b"),
    ],
)
def test_how_changes_come_into_force(shown, check, live, restart):
    assert shown(check, changed=True, way="live") == [f"edge1: {live}"]
    assert shown(check, changed=True, way="restart", reasons=["a", "b"]) == [f"edge1: {restart}"]


def test_who_is_waited_for(shown):
    assert shown(waiting=True, msg="events: 1 publisher") == [
        "edge1: a restart waits: events: 1 publisher"
    ]


@pytest.mark.parametrize(
    "result",
    [
        {"changed": False, "way": "live"},
        {"changed": True, "way": "live", "failed": True},
        {"changed": True, "way": "restart", "restart_required": True},
        {"changed": True, "way": "live", "cutover_pid": 7},
        {"changed": True, "way": "none"},
        {"changed": True, "way": ["live"]},
    ],
)
def test_nothing_is_said_of_what_is_not_in_force(shown, result):
    assert shown(**result) == []
