from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host.window import Window


def at(text):
    return time.strptime(text, "%Y-%m-%d %H:%M")


# 2026-11-23 is a Monday.
@pytest.mark.parametrize(
    ("window", "moment", "inside"),
    [
        ("02:00-04:30", "2026-11-23 02:00", True),
        ("02:00-04:30", "2026-11-23 04:29", True),
        ("02:00-04:30", "2026-11-23 04:30", False),
        ("02:00-04:30", "2026-11-23 01:59", False),
        ("00:00-24:00", "2026-11-23 23:59", True),
        ("mon 02:00-04:00", "2026-11-24 03:00", False),
        ("Sat, Sun 23:00-05:00", "2026-11-28 23:30", True),
        ("Sat, Sun 23:00-05:00", "2026-11-30 04:00", True),
        ("Sat, Sun 23:00-05:00", "2026-11-28 04:00", False),
        ("Sat, Sun 23:00-05:00", "2026-11-30 05:00", False),
        ("Sat, Sun 23:00-05:00", "2026-11-30 23:30", False),
    ],
)
def test_holds(window, moment, inside):
    assert Window(window).holds(at(moment)) is inside


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "is not a window"),
        ("2-4", "is not a window"),
        ("02:00", "is not a window"),
        ("02:00-25:00", "25:00 is not a time"),
        ("24:30-05:00", "24:30 is not a time"),
        ("02:60-05:00", "02:60 is not a time"),
        ("foo 02:00-05:00", "foo is not a day"),
    ],
)
def test_no_window(text, word):
    with pytest.raises(ValueError, match=word):
        Window(text)
