from __future__ import annotations

POLICY = {"play": "jwt", "publish": "jwt"}


def test_publishing_by_webrtc_cannot_be_told(compile_):
    assert "Community" in compile_(app_defaults=POLICY)["webrtc-publish"].silent
    controls = compile_(on={"edition": "enterprise"}, app_defaults=POLICY)
    assert controls["webrtc-publish"].silent
