from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import asked as _asked


def test_no_hook_is_called_unasked(compile_):
    policy = {"publish": "jwt", "settings": {"webhookAuthenticateURL": "http://hook.example"}}
    assert "antmedia_verify_call_hooks" in compile_(app_defaults=policy)["publish"].silent
    controls = compile_(options=_asked.Options(hooks=True), app_defaults=policy)
    assert not controls["publish"].silent
    # Whether the hook would let anybody in is not known.
    assert controls["publish"].one_sided
    assert "known_stream" in controls["publish"].note


def test_with_a_stream_that_the_hook_knows_both_halves_are_asked(compile_):
    hook = {"url": "http://hook.example", "known_stream": "studio"}
    control = compile_(app_defaults={"publish": "jwt", "publish_hook": hook})["publish"]
    good = [p for p in control.probes if p.expected == "let in"]
    assert [p.stream for p in good] == ["LiveApp/studio"]


def test_where_only_a_hook_decides_publishing_is_not_open(compile_):
    policy = {"publish": "none", "publish_hook": "http://hook.example"}
    assert "publish" not in compile_(app_defaults=policy)


@pytest.mark.parametrize(
    ("version", "settings", "more"),
    [
        ("2.4.3", {}, set()),
        ("2.17.1", {}, set()),
        ("2.6.1", {"s3RecordingEnabled": True}, set()),
        ("2.6.2", {"s3RecordingEnabled": True}, {"cloud-upload"}),
    ],
)
def test_the_doors_of_a_version(compile_, version, settings, more):
    policy = {"publish": "jwt", "settings": settings}
    control = compile_(on={"version": version}, app_defaults=policy)["publish"]
    assert {p.surface.name for p in control.probes} == {"rtmp", "chunked", "publish-api"} | more


def test_a_door_for_tls(compile_, cases):
    tls = {"server": b"rtmps.enabled=true\nrtmps.port=8443\n"}
    control = compile_(on=tls, app_defaults={"publish": "jwt"})["publish"]
    shown = {case for case in cases(control) if case.endswith(", over RTMPS")}
    bad = {p.case for p in control.probes if p.surface.name == "rtmp" and p.expected == "refused"}
    assert shown == {f"{case}, over RTMPS" for case in bad}
