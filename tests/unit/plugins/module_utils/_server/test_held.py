from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import held as _held


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (0.1, "0.1"),
        ("x", "x"),
        ([1], "[1]"),
    ],
)
def test_held_values_as_texts(value, text):
    assert _held.as_text(value) == text


def names(settings):
    return [setting.name for setting in settings]


def test_differences_of_access_settings(app):
    found = app(
        "remoteAllowedCIDR=10.0.0.0/8,127.0.0.1",
        "jwtControlEnabled=YES",
        "jwtSecretKey=a",
        "ingestingStreamLimit= 5 ",
        "hlsTime=3",
        "clusterCommunicationKey=x",
        "webhookAuthenticateURL=",
    )
    held = {
        "remoteAllowedCIDR": "127.0.0.1,10.0.0.0/8",
        "jwtControlEnabled": True,
        "jwtSecretKey": "a",
        "ingestingStreamLimit": 5,
        "hlsTime": "2",  # decides nobody's access
        "clusterCommunicationKey": "x",
        "webhookAuthenticateURL": None,
        "jwksURL": "https://example.net",  # not in the file
    }
    assert _held.differences(found, "LiveApp", held) == []
    held.update(jwtControlEnabled=False, jwtSecretKey=None, remoteAllowedCIDR="0.0.0.0/0")
    held.update(ingestingStreamLimit=-1, clusterCommunicationKey="of its own")
    assert names(_held.differences(found, "LiveApp", held)) == [
        "clusterCommunicationKey",
        "remoteAllowedCIDR",
        "jwtControlEnabled",
        "jwtSecretKey",
        "ingestingStreamLimit",
    ]
    assert _held.differences(found, "LiveApp", {}) == []  # an old server does not know them


def test_differences_are_those_of_the_version(app):
    lines = ("jwtControlEnabled=true", "settings.jwtControlEnabled=false")
    held = {"jwtControlEnabled": False}
    assert names(_held.differences(app(*lines), "LiveApp", held)) == ["jwtControlEnabled"]
    assert _held.differences(app(*lines, version="2.6.1"), "LiveApp", held) == []
    later = app("timeTokenSubscriberOnly=true", version="3.0.3")
    assert _held.differences(later, "LiveApp", {"timeTokenSubscriberOnly": False}) == []


def test_differences_of_the_server(fake):
    held = {"allowedDashboardCIDR": "127.0.0.1", "jwtServerControlEnabled": False, "httpPort": 1}
    assert names(_held.differences(fake.installation(), "", held)) == [
        "server.allowed_dashboard_CIDR"
    ]


def test_differences_of_named_settings(app):
    found = app("hlsTime=3", "customSettings=")
    names_of = {"hlsTime", "gopSize", "vodFolder", "clusterCommunicationKey", "customSettings"}
    held = {
        "hlsTime": "2",
        "gopSize": 5,  # not in the file, so the default should hold
        "clusterCommunicationKey": "of its own",  # whose default only the server knows
        "customSettings": None,
        "mp4MuxingEnabled": True,
    }
    found = _held.differences(found, "LiveApp", held, names_of)
    assert names(found) == ["gopSize", "hlsTime"]


@pytest.mark.parametrize(
    ("text", "held", "same"),
    [
        ("360,500000,32000", "360,500000,32000", True),
        ("", "[]", True),
        ("[]", "", True),
        ("360,500000,32000", '[{"height":360,"videoBitrate":500000,"audioBitrate":32000}]', True),
        (
            "360,500000,32000, 240,300000,16000",
            '[{"videoBitrate":500000,"forceEncode":true,"audioBitrate":32000,"height":360},'
            '{"videoBitrate":300000,"forceEncode":true,"audioBitrate":16000,"height":240}]',
            True,
        ),
        ("360,500000,32000", "[]", False),
        ("360,500000,32000", "[1]", False),
        ("[{", "[]", False),
        ("x", "[]", False),
    ],
)
def test_encoders_have_two_forms(app, text, held, same):
    found = app("encoderSettingsString=" + text)
    different = _held.differences(
        found, "LiveApp", {"encoderSettingsString": held}, ["encoderSettingsString"]
    )
    assert (different == []) is same


def test_what_a_file_has(app, fake):
    assert _held.in_file(app("hlsTime=3", "x=1", "settings.gopSize=1"), "LiveApp") == {
        "hlsTime",
        "gopSize",
    }
    assert "http.port" in _held.in_file(fake.installation(), "")


def test_what_a_server_missed_of_a_changed_file(app, fake):
    found = app(
        "hlsTime=5", "jwtControlEnabled=true", "customSettings={}", "gopSize=7", "vodFolder=x"
    )
    before = {"hlsTime": "2", "settings.jwtControlEnabled": "YES", "customSettings": '{"a":1}'}
    held = {"jwtControlEnabled": True, "customSettings": {"a": 1}, "gopSize": 7}
    assert names(_held.missed(found, "LiveApp", before, held)) == [
        "customSettings",
        "hlsTime",  # not in the answer, so nobody knows
        "vodFolder",
    ]
    held.update(hlsTime="5", customSettings={}, vodFolder="x")
    assert _held.missed(found, "LiveApp", before, held) == []
    held.update(jwtControlEnabled=False)  # not of this change
    assert _held.missed(found, "LiveApp", before, held) == []
    found = fake.installation(server=b"http.port=5081\nserver.cpu_limit=75")
    before = {"http.port": "5080", "server.cpu_limit": "75"}
    assert names(_held.missed(found, "", before, {"defaultHttpPort": 5080})) == ["http.port"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("jwtControlEnabled", " ON ", True),
        ("jwtControlEnabled", "0", False),
        ("gopSize", " 5 ", 5),
        ("abrUpScalePacketLostRatio", ".5", 0.5),
        ("customSettings", '{"a":1}', {"a": 1}),
        ("customSettings", "", None),
        ("hlsTime", "5", "5"),
        ("remoteAllowedCIDR", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_texts_as_held_values(name, text, value):
    found = _held.typed(_catalogue.by_name(_catalogue.APP, name), text)
    assert found == value
    assert type(found) is type(value)


def test_healing_takes_the_file_and_defaults_where_it_is_silent(app):
    found = app("jwtControlEnabled=true", "gopSize=7", "jwtSecretKey=x", "settings.hlsTime=9")
    held = {
        "jwtControlEnabled": False,
        "gopSize": 0,
        "hlsTime": None,
        "jwtSecretKey": None,
        "remoteAllowedCIDR": None,
        "jwksURL": None,
        "ipFilterEnabled": False,
        "clusterCommunicationKey": "own",
        "customSettings": {"a": 1},
        "unknown": [1],
    }
    before = dict(held)
    assert _held.healed(found, "LiveApp", held) == {
        "jwtControlEnabled": True,
        "gopSize": 7,
        "hlsTime": "9",
        "jwtSecretKey": "x",
        "remoteAllowedCIDR": "127.0.0.1",
        "jwksURL": None,  # an empty text would be written to the file
        "ipFilterEnabled": True,
        "clusterCommunicationKey": "own",
        "customSettings": {"a": 1},
        "unknown": [1],
    }
    assert held == before


def test_healing_of_settings_in_json(app):
    held = {"customSettings": {"a": 1}}
    assert _held.healed(app("customSettings={}"), "LiveApp", held) == {"customSettings": {}}
    same = app('customSettings={"a" : 1}')
    assert _held.healed(same, "LiveApp", held) == held


def test_healing_an_old_version_takes_its_own_defaults(app):
    held = {"webRTCPortRangeMax": 0, "hlsflags": "delete_segments", "hlsListSize": "5"}
    assert _held.healed(app(version="2.6.1"), "LiveApp", held) == held


def test_encoders_are_posted_in_one_form(app):
    found = app("encoderSettingsString=360,500000,32000")
    held = {"encoderSettingsString": "[]", "encoderSettings": [], "gopSize": 0}
    posted = {"encoderSettingsString": "360,500000,32000", "gopSize": 0}
    assert _held.healed(found, "LiveApp", held) == posted
    assert _held.merged(found, "LiveApp", held, ["encoderSettingsString"]) == posted
    assert _held.merged(found, "LiveApp", held, ["gopSize"]) == held
