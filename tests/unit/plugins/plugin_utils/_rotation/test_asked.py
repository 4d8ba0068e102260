from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    asked as _asked,
    quorum as _quorum,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import Options


@pytest.mark.parametrize(
    "options, said",
    [
        ({"quorum": "most"}, "'most' is neither all, nor"),
        ({"quorum": "0%"}, "percentage such as"),
        ({"quorum": "101%"}, "percentage such as"),
        ({"quorum": 0}, "is neither"),
        ({"mode": "later"}, "antmedia_rotation: 'later' is not one of auto, now, abort"),
        ({"max_age": 0}, "antmedia_secret_max_age"),
        ({"grace": -1}, "antmedia_previous_grace"),
    ],
)
def test_options_that_make_no_sense(options, said):
    with pytest.raises(_quorum.RotationError, match=said):
        Options(**options)


@pytest.mark.parametrize(
    "text, value", [("0", 0.0), (0, 0.0), ("90d", 90 * 86400.0), ("1h", 3600.0)]
)
def test_durations(text, value):
    assert _asked.seconds(text, "x") == value


@pytest.mark.parametrize(
    "text, said", [("90", "antmedia_x: '90' has no unit; write 90d"), ("soon", "antmedia_x: ")]
)
def test_what_is_no_duration(text, said):
    with pytest.raises(ValueError, match=said):
        _asked.seconds(text, "antmedia_x")


@pytest.mark.parametrize("age", ["", "-1d", "nan", "9999999999w"])
def test_an_age_that_is_none(age):
    args = {"mode": "auto", "max_age": age, "grace": "0", "quorum": "all"}
    with pytest.raises(ValueError, match="antmedia_secret_max_age: "):
        Options.of(args)


@pytest.mark.parametrize("quorum", ["", "-1", "0", "0%", "-5%", "101%", "nan%", "inf", "None"])
def test_a_quorum_that_is_none(quorum):
    args = {"mode": "auto", "max_age": None, "grace": "0", "quorum": quorum}
    with pytest.raises(ValueError, match="antmedia_rotation_quorum: "):
        Options.of(args)
