"""A hook that decides who publishes."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words

URL = "http://127.0.0.1:9099/may"
PLACE = "antmedia_apps.LiveApp.publish_hook"


def app(**words):
    return {"apps": {"LiveApp": words}}


def test_a_hook_in_place_of_tokens(compile_):
    wanted = compile_(**app(publish="hook", publish_hook=URL))
    settings = wanted.apps["LiveApp"]
    assert settings["webhookAuthenticateURL"] == URL
    assert settings["publishJwtControlEnabled"] == "false"
    hook = wanted.hooks["LiveApp"]
    assert (hook.known, hook.unknown, hook.timeout) == ("", "", 5.0)
    assert wanted.warnings == []  # every edition asks it


def test_what_makes_it_provable(compile_):
    about = {"url": URL, "known_stream": "studio", "unknown_stream": "nobody", "timeout": 2}
    hook = compile_(**app(publish_hook=about)).hooks["LiveApp"]
    assert (hook.known, hook.unknown, hook.timeout) == ("studio", "nobody", 2.0)


def test_what_is_known_of_it_stays_where_it_decides(compile_):
    about = {"url": URL, "known_stream": "studio", "timeout": 60}
    hook = compile_(**app(publish="hook", publish_hook=about)).hooks["LiveApp"]
    assert (hook.known, hook.timeout) == ("studio", 60.0)


def test_a_hook_that_the_host_has(compile_, faults):
    (fault,) = faults(**app(publish="hook"))
    assert fault == (
        "antmedia_apps.LiveApp.publish: 'hook' needs the address of a hook; set publish_hook:"
        " {url: http://...}"
    )
    on = {"apps": {"LiveApp": f"webhookAuthenticateURL={URL}\n".encode()}}
    assert "LiveApp" in compile_(on=on, **app(publish="hook")).hooks


def test_only_publishing(faults):
    (fault,) = faults(**app(play="hook"))
    assert fault.endswith(f"'hook' is not one of none, {', '.join(_words.KINDS)}")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (5, ": 5 is neither an address nor a mapping"),
        ("ftp://x", ": 'ftp://x' is not an address that starts with http:// or https://"),
        ({"url": URL, "time": 2}, ".time: is not known; known are url, known_stream,"),
        ({"url": None}, ".url: None is not a text"),
        ({"url": URL, "timeout": 0}, ".timeout: 0 is not more than 0 and up to 60 s"),
        ({"url": URL, "timeout": 60.5}, ".timeout: 60.5 is not more than 0 and up to 60 s"),
        ({"url": URL, "timeout": True}, ".timeout: True is not more than 0"),
        ({"url": URL, "known_stream": 5}, ".known_stream: 5 is not a text"),
    ],
)
def test_a_hook_that_is_none(faults, given, said):
    (fault,) = faults(**app(publish_hook=given))
    assert fault.startswith(PLACE + said)
