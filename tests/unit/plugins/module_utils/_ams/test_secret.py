from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from hypothesis import given, strategies as st

GOOD = "k9_-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"


def test_good():
    assert _secret.faults(GOOD) == []


@pytest.mark.parametrize(
    ("secret", "word"),
    [
        ("", "empty"),
        (None, "empty"),
        (GOOD[:31], "31 characters"),
        (GOOD * 10, "at most 256"),
        (GOOD + " x", "blank"),
        (GOOD + "é", "outside ASCII"),
        (GOOD + "\n", "control"),
        (GOOD + "\\", "backslash"),
        (GOOD + "'", "quote"),
        (GOOD + "${x}", "expand"),
        (GOOD + "#{1}", "execute"),
        ("a" * 40, "different characters"),
        ("zautXStXM9iW3aD3FuyPH0TdK4GHPmHq", "published sample"),
    ],
)
def test_faults(secret, word):
    found = _secret.faults(secret)
    assert any(word in fault for fault in found)
    assert not secret or not any(secret in fault for fault in found)


def test_fingerprint_of_nothing_is_nothing():
    assert _secret.fingerprint("") == ""
    assert _secret.fingerprint(None) == ""


@given(st.text(min_size=8))
def test_fingerprint_never_holds_the_secret(secret):
    name = _secret.fingerprint(secret)
    assert name == _secret.fingerprint(secret)
    assert len(name) == 15
    assert secret not in name
