from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import look as _look
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene


def test_every_part_is_told(scene):
    found = _look.look(scene())
    assert set(found) == {*_look.OF_HOST, *_look.OF_HOME, "unread"}
    assert found["unread"] == []
    json.dumps(found)


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), ValueError("broken")])
def test_a_part_that_cannot_be_looked_at_hides_no_other(scene, monkeypatch, error):
    def fail(_scene):
        raise error

    monkeypatch.setitem(_look.OF_HOME, "paths", fail)
    found = _look.look(scene())
    assert found["paths"] is None and found["copies"] == []
    assert found["unread"] == [f"paths: {getattr(error, 'strerror', None) or error}"]


def test_without_an_installation_the_host_is_told(tmp_path):
    found = _look.look(Scene(str(tmp_path / "nothing"), None, None))
    assert [found[name] for name in _look.OF_HOME] == [None] * len(_look.OF_HOME)
    assert found["machine"]["name"] and found["account"] is None
