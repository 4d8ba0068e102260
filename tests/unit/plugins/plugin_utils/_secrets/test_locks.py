from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    locks as _locks,
)

NOW = 1795525494.0


def test_a_lock_keeps_others_out_until_it_expires_or_its_owner_is_gone():
    mine, other = {"run": "1", "who": "me"}, {"run": "2", "who": "you"}
    locked = _locks.lock({}, mine, NOW, 60, lambda _: True)
    with pytest.raises(_document.Locked, match="me works on it since"):
        _locks.lock(locked, other, NOW + 59, 60, lambda _: True)
    assert _locks.lock(locked, other, NOW + 60, 60, lambda _: True)["lock"]["run"] == "2"
    assert _locks.lock(locked, other, NOW + 1, 60, lambda _: False)["lock"]["run"] == "2"


def test_a_lock_is_renewed_and_given_back_by_its_owner_only():
    locked = _locks.lock({"a": 1}, {"run": "1"}, NOW, 60, lambda _: True)
    renewed = _locks.lock(locked, {"run": "1"}, NOW + 30, 60, lambda _: True)
    assert renewed["lock"]["since"] == _document.stamp(NOW)
    assert renewed["lock"]["expires"] == _document.stamp(NOW + 90)
    assert _locks.unlock(renewed, "2") == renewed
    assert _locks.unlock(renewed, "1") == {"a": 1}
    assert _locks.unlock({"a": 1}, "1") == {"a": 1}
