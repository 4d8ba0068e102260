from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import java as _java


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        (" 1 000\t", 1000),
        ("+5", 5),
        ("-0", 0),
        ("0x10", 16),
        ("-0X1f", -31),
        ("#ff", 255),
        ("99999999999", 99999999999),
        *(
            (text, None)
            for text in ("", " ", "1k", "1.0", "0x", "1_000", "'5'", "9" * 41, "\u0665")
        ),
    ],
)
def test_whole_numbers(text, number):
    assert _java.whole(text) == number


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        *((text, True) for text in ("1", ".5", "5.", "1e-3", "-1f", "NaN", "+Infinity", "0 .1")),
        *((text, False) for text in ("", ".", "1,5", "1.0.0", "x", "nan", "0x10")),
    ],
)
def test_numbers_with_a_fraction(text, is_one):
    assert _java.is_float(text) is is_one
