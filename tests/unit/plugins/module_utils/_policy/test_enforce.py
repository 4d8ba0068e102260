"""What an edition or a version does not do."""

from __future__ import annotations

import pytest

ENTERPRISE = {"edition": "enterprise"}
UNENFORCED = [
    ({"publish": "jwt"}, "publishJwtControlEnabled", "publish: 'jwt'"),
    ({"play": "totp"}, "enableTimeTokenForPlay", "play: 'totp'"),
    (
        {"publisher_cidrs": ["198.51.100.0/24"]},
        "allowedPublisherCIDR",
        "publisher_cidrs: ['198.51.100.0/24']",
    ),
    (
        {"settings": {"playTokenControlEnabled": "yes"}},
        "playTokenControlEnabled",
        "settings.playTokenControlEnabled: 'yes'",
    ),
    (
        {"settings": {"allowedPublisherCIDR": "10.0.0.1"}},
        "allowedPublisherCIDR",
        "settings.allowedPublisherCIDR: '10.0.0.1'",
    ),
    (
        {"settings": {"webhookPlayAuthUrl": "https://example.net"}},
        "webhookPlayAuthUrl",
        "settings.webhookPlayAuthUrl: 'https://example.net'",
    ),
    ({"settings": {"webRTCViewerLimit": 5}}, "webRTCViewerLimit", "settings.webRTCViewerLimit: 5"),
]


@pytest.mark.parametrize(("keys", "name", "said"), UNENFORCED)
def test_controls_that_community_does_not_enforce(faults, compile_, fake, keys, name, said):
    policy = {
        "apps": {"LiveApp": keys},
        "secrets": {"app_defaults": {"stream": fake.SECRETS["stream"]}},
    }
    text = (
        f"antmedia_apps.LiveApp.{said}: the Community edition accepts {name} and does not enforce"
        " it"
    )
    gated = name in ("publishJwtControlEnabled", "playJwtControlEnabled", "allowedPublisherCIDR")
    gate = "put the gate before it (antmedia_gate: true), " if gated else ""
    assert faults(**policy) == [
        f"{text}; {gate}use the Enterprise edition, or set antmedia_unenforceable: warn"
    ]
    wanted = compile_(**policy, unenforceable="warn")
    assert wanted.warnings == ["app LiveApp: " + text]
    assert name in wanted.apps["LiveApp"]
    wanted = compile_(on=ENTERPRISE, **policy)
    assert wanted.warnings == []


@pytest.mark.parametrize(
    "keys",
    [
        {"publish": "none", "play": "none", "rest_jwt": False},
        {"settings": {"playTokenControlEnabled": False, "webRTCViewerLimit": -1}},
        {"settings": {"webhookPlayAuthUrl": ""}},
        {"settings": {"acceptOnlyStreamsInDataStore": True}},
        {"settings": {"hlsTime": 3}},
    ],
)
def test_what_any_edition_does(compile_, keys):
    wanted = compile_(apps={"LiveApp": keys})
    assert wanted.warnings == []
    assert wanted.apps["LiveApp"]


def test_settings_a_version_does_not_read(faults):
    assert faults(
        on={"version": "2.6.1"}, apps={"LiveApp": {"settings": {"customSettings": {}}}}
    ) == [
        "antmedia_apps.LiveApp.settings.customSettings: Ant Media Server 2.6.1 does not read it; it"
        " came with 2.11.0"
    ]
    assert faults(on={"version": "3.0.3"}, apps={"LiveApp": {"settings": {"vodFolder": "x"}}}) == [
        "antmedia_apps.LiveApp.settings.vodFolder: Ant Media Server 3.0.3 does not read it"
    ]
