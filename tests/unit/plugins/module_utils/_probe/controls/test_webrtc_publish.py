from __future__ import annotations

POLICY = {"play": "jwt", "publish": "jwt"}


def test_on_community_it_cannot_be_told(compile_):
    assert "Community" in compile_(app_defaults=POLICY)["webrtc-publish"].silent


def test_only_bad_tokens_are_shown(compile_):
    controls = compile_(on={"edition": "enterprise"}, app_defaults=POLICY)
    control = controls["webrtc-publish"]
    assert {(p.surface.name, p.expected) for p in control.probes} == {("webrtc-publish", "refused")}
    assert {"no token", "an expired token"} <= {p.case for p in control.probes}
    assert control.one_sided and "would start a stream" in control.note


def test_no_hook_is_called_unasked(compile_):
    policy = {**POLICY, "settings": {"webhookAuthenticateURL": "http://hook.example"}}
    controls = compile_(on={"edition": "enterprise"}, app_defaults=policy)
    assert "antmedia_verify_call_hooks" in controls["webrtc-publish"].silent
