"""What of a gate is on a host."""

from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    held as _held,
    policy as _policy,
)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The two files of a gate, in a folder of the test's."""
    monkeypatch.setattr(_policy, "PATH", str(tmp_path / "policy.json"))
    monkeypatch.setattr(_held, "BEFORE", str(tmp_path / "before.json"))
    return tmp_path / "policy.json", tmp_path / "before.json"


def test_no_gate(places):
    assert _held.look() is None


def test_a_gate(places, text):
    policy, before = places
    policy.write_text(text)
    settings = {"http.host": "192.0.2.1", "http.port": "80"}
    before.write_text(_held.note(settings))
    found = _held.look()
    assert found.policy == _policy.read(text)
    assert (found.why, found.before) == ("", settings)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_a_policy_that_is_none(places, content):
    places[0].write_bytes(content)
    found = _held.look()
    assert found.policy is None and str(places[0]) in found.why


@pytest.mark.parametrize("note", [None, "{", "[]", '{"http.port": 80}'])
def test_a_note_that_is_lost_is_taken_from_the_ports_of_the_gate(places, plain, note):
    policy, before = places
    plain["listen"]["http"] = 8080
    policy.write_text(json.dumps(plain))
    if note is not None:
        before.write_text(note)
    assert _held.look().before == {
        "http.host": "0.0.0.0",
        "http.port": "8080",
        "rtmp.host": "0.0.0.0",
        "rtmp.port": "1935",
    }


def test_a_note_and_a_policy_that_are_lost(places):
    places[0].write_text("{")
    assert _held.look().before["http.port"] == "5080"
