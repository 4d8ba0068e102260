from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    slips as _slips,
)


def test_fewest_slips_first():
    made = list(_slips.ways({"a": "Aa", "b": "Bbc"}, 2))
    assert made[0] == ({"a": "A", "b": "B"}, ())
    assert [slips for _way, slips in made] == [(), ("a",), ("b",), ("b",), *[("a", "b")] * 2]
    assert [way["a"] + way["b"] for way, _slips_ in made] == ["AB", "aB", "Ab", "Ac", "ab", "ac"]


def test_no_more_slips_than_wanted():
    assert len(list(_slips.ways({"a": "Aa", "b": "Bb"}, 1))) == 3
    assert len(list(_slips.ways({"a": "Aa", "b": "Bb"}, 0))) == 1
