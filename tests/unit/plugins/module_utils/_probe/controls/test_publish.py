from __future__ import annotations

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
