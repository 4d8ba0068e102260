from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    lifetime as _lifetime,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.lifetime import (
    LifetimeError,
)
from hypothesis import given, strategies as st

NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("2h", 7200),
        ("7d", 604800),
        ("2w", 1209600),
        ("1d12h", 129600),
        (" 2H ", 7200),
    ],
)
def test_durations(text, seconds):
    assert _lifetime.duration(text) == seconds
    assert _lifetime.expiry(text, NOW) == NOW + seconds


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("0s", "zero"),
        ("0", "no unit"),
        ("-2h", "negative"),
        ("+2h", "sign"),
        ("7200", "no unit"),
        ("7200000", "milliseconds"),
        (7200000, "milliseconds"),
        ("7200000ms", "milliseconds"),
        ("1795525494000", "milliseconds"),
        ("2 hours", "not a duration"),
        ("1.5h", "not a duration"),
        ("PT2H", "not a duration"),
        ("", "is empty"),
        ("  ", "is empty"),
        ("99999d", "ten years"),
        ("never", "not a duration"),
        ("2020-01-01T00:00:00Z", "in the past"),
        ("2030-01-01T00:00:00", "no zone"),
        ("2030-01-01", "no zone"),
        ("2030-13-01T00:00:00Z", "not a time"),
        ("2999-01-01T00:00:00Z", "ten years"),
    ],
)
def test_refused(text, word):
    with pytest.raises(LifetimeError, match=word):
        _lifetime.expiry(text, NOW)


@pytest.mark.parametrize(
    "text",
    ["2027-06-01T12:00:00+02:00", "2027-06-01T10:00:00Z", "2027-06-01 10:00:00+00:00"],
)
def test_absolute_times_with_a_zone(text):
    assert _lifetime.expiry(text, NOW) == 1811844000


def test_none_by_name_only():
    assert _lifetime.expiry("none", NOW) is None
    assert _lifetime.expiry("None", NOW) is None


def test_cap():
    assert _lifetime.expiry("1h", NOW, cap=3600) == NOW + 3600
    for text in ("61m", "none", "2027-06-01T12:00:00Z"):
        with pytest.raises(LifetimeError, match=r"1 hour.*max_lifetime"):
            _lifetime.expiry(text, NOW, cap=3600)


@given(st.integers(1, _lifetime.LONGEST))
def test_a_duration_and_the_time_it_ends_are_the_same(seconds):
    end = datetime.fromtimestamp(NOW + seconds, timezone(timedelta(hours=5, minutes=30)))
    assert _lifetime.expiry(f"{seconds}s", NOW) == _lifetime.expiry(end.isoformat(), NOW)


@given(st.text(max_size=30))
def test_any_text_is_a_moment_ahead_or_a_lifetime_error(text):
    try:
        end = _lifetime.expiry(text, NOW)
    except LifetimeError:
        return
    assert end is None or NOW < end <= NOW + _lifetime.LONGEST


def test_words():
    assert _lifetime.words(0) == "0 seconds"
    assert _lifetime.words(61) == "1 minute 1 second"
    assert _lifetime.words(-90061) == "1 day 1 hour"
    assert _lifetime.words(366 * 86400) == "1 year 1 day"


def test_utc():
    assert _lifetime.utc(0) == "1970-01-01T00:00:00Z"
    assert _lifetime.utc(10**18) == str(10**18)
