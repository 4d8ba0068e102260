from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import support as _support


def test_the_unknown_is_not_judged():
    for realm, kind in (("stream", "jwt"), ("stream", "totp"), ("management", "jwt")):
        assert _support.faults(realm, kind) == []


def test_editions():
    for kind in ("jwt", "one_time", "hash", "totp"):
        (fault,) = _support.faults("stream", kind, (2, 17, 1), "community")
        assert "Community edition does not check" in fault
        assert _support.faults("stream", kind, (2, 17, 1), "enterprise") == []
    assert _support.faults("rest", "jwt", (2, 17, 1), "community") == []


def test_versions():
    assert "2.5.0" in _support.faults("management", "jwt", (2, 4, 3))[0]
    assert _support.faults("management", "jwt", (2, 5, 0)) == []
    assert "2.7.0" in _support.faults("stream", "totp", (2, 6, 2))[0]
    assert _support.faults("stream", "totp", (2, 6, 2), registered=True) == []


def test_strings_of_a_version():
    strings = {"rtmp": "r", "whip": "w", "whip_curl": "c"}
    assert _support.usable(strings) == strings
    assert _support.usable(strings, (2, 10, 0)) == strings
    assert _support.usable(strings, (2, 9, 0)) == {"rtmp": "r"}


# String, direction, the last version without its door and the first with it.
EDGES = [
    ("srt", "publish", (2, 4, 2), (2, 4, 3)),
    ("whip_header", "publish", (2, 9, 0), (2, 10, 0)),
    ("dash", "play", (2, 5, 3), (2, 6, 0)),
    ("embed_dash", "play", (2, 5, 3), (2, 6, 0)),
    ("ll_hls", "play", (2, 10, 1), (2, 11, 0)),
    ("embed_ll_hls", "play", (2, 13, 2), (2, 14, 0)),
    ("rtmp_play", "play", (2, 15, 0), (2, 16, 0)),
]


@pytest.mark.parametrize(("name", "direction", "without", "with_"), EDGES)
def test_doors_of_versions(name, direction, without, with_):
    assert _support.usable({name: "x"}, without, direction) == {}
    assert _support.usable({name: "x"}, with_, direction) == {name: "x"}
    assert _support.usable({name: "x"}, (), direction) == {name: "x"}
    said = _support.missing(name, without, direction)
    assert ".".join(map(str, with_)) in said or "no token" in said


def test_why_there_is_no_string():
    for name in ("whep", "rtsp"):
        assert "no version" in _support.missing(name, (), "play")
    assert "endpoint.rtmps" in _support.missing("rtmps", (), "publish")
    assert "endpoint.rtmps" in _support.missing("rtmps_play", (2, 17, 1), "play")
    assert "2.16.0" in _support.missing("rtmps_play", (2, 6, 1), "play")
    assert "needs quality" in _support.missing("hls_quality", (), "play")
    assert "code" in _support.missing("whip_header", (2, 17, 1), "publish")
    for name, direction in (("hls", "publish"), ("rtmp", "play"), ("nonsense", "play")):
        assert _support.missing(name, (2, 17, 1), direction) == ""
