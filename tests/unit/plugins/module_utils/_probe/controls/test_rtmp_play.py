from __future__ import annotations

import pytest


@pytest.mark.parametrize(("switch", "expected"), [(False, "refused"), (True, "let in")])
def test_the_switch_is_asked_about_where_the_policy_names_it(compile_, switch, expected):
    assert "rtmp-play" not in compile_(app_defaults={"rest_jwt": True})
    policy = {"settings": {"rtmpPlaybackEnabled": switch}}
    control = compile_(app_defaults=policy)["rtmp-play"]
    (probe,) = control.probes
    assert (probe.case, probe.expected, probe.token) == ("no token", expected, None)
    assert control.one_sided is not switch


def test_a_refusal_is_not_that_of_a_token(compile_):
    policy = {"play": "jwt", "settings": {"rtmpPlaybackEnabled": False}}
    (probe,) = compile_(app_defaults=policy)["rtmp-play"].probes
    assert (probe.case, probe.expected) == ("a good token", "refused")


def test_no_token_is_used_up(compile_):
    policy = {"play": "one_time", "settings": {"rtmpPlaybackEnabled": False}}
    assert "use up" in compile_(app_defaults=policy)["rtmp-play"].silent
