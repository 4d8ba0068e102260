from __future__ import annotations

import json
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from hypothesis import given, strategies as st

FLAT = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False)


@given(st.recursive(FLAT | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_what_does_no_harm_is_what_it_is(value):
    try:
        assert _json.parse(json.dumps(value)) == value
    except ValueError:
        assert "Infinity" in json.dumps(value)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200000,
        "[" * 200000 + "]" * 200000,
        "[" * (_json.DEEPEST + 1) + "]" * (_json.DEEPEST + 1),
        '{"a":' * 100 + "1" + "}" * 100,
        "1" * 1000000,
        "-" + "1" * 1000000,
        "1e999",
        "-1e999",
        "[NaN]",
        "Infinity",
        "",
        "{",
    ],
)
def test_what_does_harm_is_none(text):
    begin = time.monotonic()
    with pytest.raises(ValueError):
        _json.parse(text)
    assert time.monotonic() - begin < 5


def test_as_deep_as_it_may_be():
    text = "[" * _json.DEEPEST + "]" * _json.DEEPEST
    assert json.dumps(_json.parse(text)) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("on air", "on air"),
        ("a\x1b[31m\nb\u202e\ud800", "a\ufffd[31m\ufffdb\ufffd\ufffd"),
        ("x" * 301, "x" * 300 + "..."),
        (["\n"], r"['\n']"),
        (None, "None"),
    ],
)
def test_words(value, shown):
    assert _json.words(value) == shown
    _json.words(value).encode()
