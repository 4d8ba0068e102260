from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import asked as _asked


def test_no_hook_is_called_unasked(compile_):
    policy = {"publish": "jwt", "settings": {"webhookAuthenticateURL": "http://hook.example"}}
    assert "call_hooks" in compile_(app_defaults=policy)["publish"].silent
    controls = compile_(options=_asked.Options(hooks=True), app_defaults=policy)
    assert not controls["publish"].silent
