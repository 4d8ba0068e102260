from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from hypothesis import given, strategies as st


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain {{ text }} \\x1b", "plain {{ text }} \\x1b"),
        ("Zürich\tß\n終わり", "Zürich\tß\n終わり"),
        ("\x00\x1b[31m\x7f\x9b", "\\x00\\x1b[31m\\x7f\\x9b"),
        ("a\rb\r\nc", "a\\x0db\nc"),
        ("\u202e\u2066\u200e\u200f\u200b\u2028\u2029\ufeff", None),
        ("\U000e0041", "\\U000e0041"),
        ("\udc80", "\\udc80"),
        (5, "5"),
        (None, "None"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_an_escape(text, shown):
    if shown is None:
        shown = "".join(f"\\u{ord(each):04x}" for each in text)
    assert _visible.text(text) == shown


@given(st.text())
def test_nothing_is_left_that_steers_a_terminal(text):
    shown = _visible.text(text)
    assert all(each.isprintable() or each in "\n\t" for each in shown)
    assert _visible.text(shown) == shown
    shown.encode()


@given(st.text())
def test_a_line_is_one(text):
    assert len(_visible.line(text).splitlines()) <= 1


@dataclasses.dataclass(frozen=True)
class Warned:
    """As ansible-core has them from 2.19 on."""

    msg: str
    more: tuple = ()


def test_values_at_any_depth_and_keys():
    found = {"\x1b": ["\x1b", ("\x07", 1)], "n": None, "w": Warned("\x1b", (Warned("\x9b"),))}
    assert _visible.values(found) == {
        "\\x1b": ["\\x1b", ("\\x07", 1)],
        "n": None,
        "w": Warned("\\x1b", (Warned("\\x9b"),)),
    }
