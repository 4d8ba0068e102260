from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    ask as _ask,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Probe
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import Source
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import Plain

VERSION = (200, {"versionName": "2.17.1"})
FAR = Source("203.0.113.77", "forwarded")


def test_a_sign_of_life(asker):
    for app, came in (("LiveApp", "let in"), ("nosuch", "unclear")):
        assert asker.ask(Probe("c", "let in", _surfaces.ENTER, stream=app)).came == came
    gone = Probe("c", "refused", _surfaces.RTMP, stream="nosuch/x")
    assert asker.ask(gone).came == "unclear"


def test_results_come_in_the_order_of_the_questions(asker, web):
    for number in range(20):
        web.answers["GET", f"/{number}"] = VERSION if number % 3 else (500, b"")
    probes = [Probe(str(n), "let in", _surfaces.REST_TOKEN, path=f"/{n}") for n in range(20)]
    results = asker.ask_all(probes)
    assert [r.probe.case for r in results] == [str(n) for n in range(20)]
    assert [r.right for r in results] == [bool(n % 3) for n in range(20)]


def test_own_addresses(tmp_path):
    path = tmp_path / "fib_trie"
    path.write_text(
        "Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 127.0.0.1\n        /32 host LOCAL\n"
        "     |-- 192.0.2.7\n        /32 host LOCAL\n     |-- 192.0.2.255\n"
        "        /32 link BROADCAST\n"
    )
    assert _ask.own_addresses(str(path)) == ("192.0.2.7",)
    assert _ask.own_addresses(str(tmp_path / "none")) == ()


def test_a_question_in_words_has_no_token():
    token = Plain("a-token")
    for surface in (
        _surfaces.REST_TOKEN,
        _surfaces.RTMP,
        _surfaces.WEBRTC,
        _surfaces.ENTER,
        _surfaces.HLS,
    ):
        probe = Probe("c", "let in", surface, FAR, token, "/p", "LiveApp/x", "subscriberId=s")
        assert "a-token" not in _ask.asked(probe) + repr(probe)
        assert "203.0.113.77 by X-Forwarded-For" in _ask.asked(probe)
