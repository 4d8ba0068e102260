from __future__ import annotations

from pathlib import Path

import jwt
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    controls as _controls,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    REFUSED,
)

NOW = 1_800_000_000


def test_nothing_asked_for_nothing_asked(compile_):
    assert compile_() == {}


def test_what_the_policy_does_not_name_is_not_proved(compile_):
    always = {"panel-login"}  # whoever is let in there can undo the rest
    assert set(compile_(apps={"events": {"rest_jwt": True}})) == always
    found = compile_(apps={"events": {"rest_jwt": True}}, app="events")
    assert set(found) == {"rest-jwt"} | always


def test_previous_secrets_are_tried(compile_):
    old = "an-old-secret-that-nobody-may-use-any-more"
    options = _asked.Options(
        previous={
            ("", "server.jwtServerSecretKey"): old,
            ("LiveApp", "jwtSecretKey"): old,
            ("LiveApp", "jwtStreamSecretKey"): old,
        }
    )
    policy = {"rest_jwt": True, "play": "jwt", "publish": "jwt"}
    controls = compile_(options=options, management_jwt=True, app_defaults=policy)
    for name in ("management-jwt", "rest-jwt", "play", "publish"):
        found = [p for p in controls[name].probes if "previous" in p.case]
        assert "a token of the previous key" in [probe.case for probe in found]
        for probe in found:
            assert probe.expected == REFUSED
            jwt.decode(probe.token.text(NOW), old, ["HS256"], options={"verify_exp": False})
    assert old not in repr(controls) and old not in repr(options)


def test_no_secret_and_no_token_shows(compile_, fake):
    policy = {"rest_jwt": True, "play": "hash", "publish": "jwt", "rest_cidrs": ["any"]}
    controls = compile_(dashboard_cidrs=["127.0.0.1"], management_jwt=True, app_defaults=policy)
    text = repr(controls)
    assert not any(secret in text for secret in fake.SECRETS.values())
    for control in controls.values():
        for probe in control.probes:
            assert not probe.token or probe.token.text(NOW) not in text


def test_settings_nobody_asks_about(fake):
    wanted = Wanted(
        {"server.allowed_dashboard_CIDR": "127.0.0.1"},
        {"LiveApp": {"signalingEnabled": "true", "hlsTime": "2", "jwtSecretKey": "x"}},
    )
    assert _controls.unprobed(wanted) == [("LiveApp", "signalingEnabled")]


def test_every_file_is_a_control_and_listed_once():
    files = {path.stem for path in Path(_controls.__file__).parent.glob("[!_]*.py")}
    listed = [control.__name__.rpartition(".")[2] for control in _controls.CONTROLS]
    assert sorted(listed) == sorted(files)
    assert [name.replace("_", "-") for name in listed] == [c.NAME for c in _controls.CONTROLS]


def test_the_controls_that_show_a_secret_exist():
    named = {name for secret in _words.SECRETS.values() for name in secret.controls}
    assert named <= {control.NAME for control in _controls.CONTROLS}


def test_what_controls_ask_about_are_settings():
    for kind, controls in ((_catalogue.SERVER, _controls.SERVER), (_catalogue.APP, _controls.APP)):
        for name in (name for control in controls for name in control.PROVES):
            assert _catalogue.by_name(kind, name), name
