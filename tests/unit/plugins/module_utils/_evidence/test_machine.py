from __future__ import annotations

import os
import platform

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    machine as _machine,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import process as _process


def test_the_machine(scene, monkeypatch, tmp_path):
    monkeypatch.setattr(_process, "connected_from", lambda: ["198.51.100.7"])
    mark = tmp_path / "mark"
    monkeypatch.setattr(_machine, "MARKS", (str(mark),))
    found = _machine.look(scene())
    assert found["name"] == platform.node()
    assert found["root"] is (os.geteuid() == 0)
    assert found["operator"] == "198.51.100.7"
    assert found["memory"] > 1 << 28
    assert (found["inside"], found["server_inside"]) == (False, False)
    mark.touch()
    assert _machine.look(scene())["inside"] is True


def test_a_server_in_a_container(scene, monkeypatch):
    monkeypatch.setattr(_process, "in_container", lambda pid: pid == 4711)
    assert _machine.look(scene(pid=4711))["server_inside"] is True
    assert _machine.look(scene(pid=4712))["server_inside"] is False
