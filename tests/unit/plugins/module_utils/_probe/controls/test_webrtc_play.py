from __future__ import annotations

POLICY = {"play": "jwt", "publish": "jwt"}


def test_playing_by_webrtc_cannot_be_told_on_community(compile_):
    assert "Community" in compile_(app_defaults=POLICY)["webrtc-play"].silent
    controls = compile_(on={"edition": "enterprise"}, app_defaults=POLICY)
    assert len(controls["webrtc-play"].probes) == 7
