"""One kind of token a direction."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    words as _words,
)

KINDS = ", ".join(_words.KINDS)
ENTERPRISE = {"edition": "enterprise"}


@pytest.mark.parametrize("kind", ["none", "jwt", "one_time", "hash", "totp"])
@pytest.mark.parametrize("direction", ["publish", "play"])
def test_one_guard_a_direction_and_the_others_off(compile_, fake, direction, kind):
    wanted = compile_(
        on=ENTERPRISE,
        apps={"LiveApp": {direction: kind}},
        secrets={"apps": {"LiveApp": {k: fake.SECRETS[k] for k in ("stream", "hash")}}},
    )
    switches = {name: "false" for name in _words.SWITCHES[direction].values()}
    if kind != "none":
        switches[_words.SWITCHES[direction][kind]] = "true"
    found = wanted.apps["LiveApp"]
    assert {name: found[name] for name in switches} == switches
    secrets = {"jwt": "jwtStreamSecretKey", "hash": "tokenHashSecret"}
    assert set(found) - set(switches) == ({secrets[kind]} if kind in secrets else set())
    assert wanted.apps["events"] == {}


def test_two_kinds_on_one_direction(faults):
    assert faults(on=ENTERPRISE, apps={"LiveApp": {"play": ["jwt", "totp"]}}) == [
        "antmedia_apps.LiveApp.play: ['jwt', 'totp']: the server takes one kind of token a"
        f" direction; name one of none, {KINDS}"
    ]


@pytest.mark.parametrize("value", ["tokens", 5, True, {}])
def test_a_guard_that_is_none(faults, value):
    assert faults(apps={"LiveApp": {"publish": value}}) == [
        f"antmedia_apps.LiveApp.publish: {value!r} is not one of none, hook, {KINDS}"
    ]


def test_two_kinds_by_the_settings(faults, fake):
    found = faults(
        on=ENTERPRISE,
        apps={
            "LiveApp": {
                "settings": {"playTokenControlEnabled": True, "enableTimeTokenForPlay": True}
            }
        },
    )
    assert found == [
        "antmedia_apps.LiveApp.settings: playTokenControlEnabled and enableTimeTokenForPlay would"
        " be on together for application LiveApp, and the server takes one kind of token a"
        f" direction; write play: with one of none, {KINDS}"
    ]


def test_a_second_kind_beside_the_one_on_the_host(faults, compile_, fake):
    text = fake.app_text("LiveApp") + b"\nplayTokenControlEnabled=on\n"
    on = {**ENTERPRISE, "apps": {"LiveApp": text}}
    (fault,) = faults(on=on, apps={"LiveApp": {"settings": {"enableTimeTokenForPlay": True}}})
    assert "playTokenControlEnabled and enableTimeTokenForPlay would be on together" in fault
    wanted = compile_(on=on, apps={"LiveApp": {"play": "totp"}}).apps["LiveApp"]
    assert wanted["playTokenControlEnabled"] == "false"
    # A mess that was there before and that nobody speaks of is left alone.
    text += b"enableTimeTokenForPlay=on\n"
    assert compile_(on={**ENTERPRISE, "apps": {"LiveApp": text}}).apps["LiveApp"] == {}


def test_a_hash_may_stand_beside_a_token(compile_, fake):
    keys = {"playTokenControlEnabled": True, "hashControlPlayEnabled": True}
    assert compile_(
        on=ENTERPRISE,
        apps={"LiveApp": {"settings": keys}},
        secrets={"app_defaults": {"hash": fake.SECRETS["hash"]}},
    ).apps["LiveApp"]
