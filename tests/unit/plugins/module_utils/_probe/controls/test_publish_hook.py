from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import asked as _asked

URL = "http://127.0.0.1:9099/may"


def streams(control):
    return [(p.expected, p.stream) for p in control.probes]


def test_a_hook_that_is_named_is_asked_about_both_halves(compile_):
    hook = {"url": URL, "known_stream": "studio", "unknown_stream": "nobody"}
    control = compile_(app_defaults={"publish": "hook", "publish_hook": hook})["publish-hook"]
    assert streams(control) == [("let in", "LiveApp/studio"), ("refused", "LiveApp/nobody")]
    assert not control.one_sided


def test_without_a_stream_that_it_knows_one_half_is_asked(compile_):
    control = compile_(app_defaults={"publish": "hook", "publish_hook": URL})["publish-hook"]
    ((expected, stream),) = streams(control)
    assert expected == "refused" and len(stream) > len("LiveApp/") + 30
    assert control.one_sided and "known_stream" in control.note


def test_a_hook_of_the_settings_is_asked_about_where_that_is_allowed(compile_):
    policy = {"settings": {"webhookAuthenticateURL": URL}}
    assert "publish-hook" not in compile_(app_defaults=policy)
    options = _asked.Options(hooks=True)
    assert "publish-hook" in compile_(options=options, app_defaults=policy)
    assert "publish-hook" not in compile_(options=options, app_defaults={"publish": "none"})


def test_beside_a_token_a_good_one_is_shown(compile_):
    hook = {"url": URL, "known_stream": "studio"}
    control = compile_(app_defaults={"publish": "jwt", "publish_hook": hook})["publish-hook"]
    assert all(p.token for p in control.probes)
