from __future__ import annotations

POLICY = {"play": "jwt", "publish": "jwt"}


def test_playing_by_webrtc_cannot_be_told_on_community(compile_):
    assert "Community" in compile_(app_defaults=POLICY)["webrtc-play"].silent
    controls = compile_(on={"edition": "enterprise"}, app_defaults=POLICY)
    assert len(controls["webrtc-play"].probes) == 7


def test_what_a_message_cannot_say_is_not_asked(compile_, cases):
    """A subscriber stands in the query of an address, which a message has not."""
    controls = compile_(on={"edition": "enterprise"}, app_defaults={"play": "totp"})
    assert set(cases(controls["webrtc-play"])) == {"no token", "an unknown token"}
    assert "an unknown subscriber" in cases(controls["play"])


def test_what_the_policy_does_not_name_is_nobodys_question(compile_):
    on = {"edition": "enterprise", "apps": {"LiveApp": b"playJwtControlEnabled=true\n"}}
    controls = compile_(on=on, app_defaults={"rest_cidrs": ["127.0.0.1"]})
    assert "webrtc-play" not in controls and "play" not in controls
