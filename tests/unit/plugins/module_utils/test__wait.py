from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils import _wait

PAUSE = 0.001


def later(seconds=60):
    return time.monotonic() + seconds


def test_until_it_is_good():
    seen = iter([0, "", None, "here", "too late"])
    assert _wait.until(lambda: next(seen), later(), PAUSE) == "here"


def test_what_is_good_may_be_said():
    seen = iter(range(10))
    assert _wait.until(lambda: next(seen), later(), PAUSE, lambda number: number > 3) == 4


def test_there_is_one_look_however_late():
    assert _wait.until(lambda: "here", later(-1), PAUSE) == "here"


def test_what_was_seen_last_when_time_is_up():
    begin, looks = time.monotonic(), []
    seen = _wait.until(lambda: looks.append(1), later(0.05), PAUSE)
    assert (seen, len(looks) > 1) == (None, True)
    assert time.monotonic() - begin < 10


def test_what_a_look_raises_ends_it():
    def look():
        raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        _wait.until(look, later(), PAUSE)
