from __future__ import annotations

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
