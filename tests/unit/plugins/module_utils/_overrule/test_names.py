from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import names as _names


def settings(found):
    return [setting.name for setting in found]


def test_spellings_by_version():
    old, both, new = (_names.of(version) for version in ((2, 6, 1), (2, 17, 1), (3, 0, 3)))
    assert "hlsTime" not in old.keys and settings(old.keys["settings.hlsTime"]) == ["hlsTime"]
    assert settings(both.keys["hlsTime"]) == settings(both.keys["settings.hlsTime"])
    assert "settings.hlsTime" not in new.keys
    assert sorted(settings(old.keys["settings.tokenControlEnabled"])) == [
        "playTokenControlEnabled",
        "publishTokenControlEnabled",
    ]
    assert "webhookPlayAuthUrl" in both.keys and "webhookPlayAuthUrl" not in old.keys


def test_variables_that_spring_takes():
    found = _names.of((2, 6, 1)).environment
    assert {name for name, key in found.items() if key == "settings.hlsTime"} == {
        "settings.hlsTime",
        "settings_hlsTime",
        "SETTINGS.HLSTIME",
        "SETTINGS_HLSTIME",
    }
    assert "hlsTime" not in found
    assert _names.of((2, 17, 1)).environment["HLSTIME"] == "hlsTime"


def test_words_with_which_settings_are_set():
    words = _names.of((2, 17, 1)).words
    assert words["sethlstime"].name == words["hlstime"].name == "hlsTime"
    assert words["settings.webrtc.portrangemin"].name == "webRTCPortRangeMin"
    assert words["setlldashenabled"].name == "dashEnableLowLatency"  # as the bean calls it


def test_the_servers_own():
    names = _names.of((2, 17, 1))
    assert names.server["http.port"].name == "http.port"
    assert names.server_fields["alloweddashboardcidr"] == "server.allowed_dashboard_CIDR"
    assert names.app_fields["llhlsenabled"] == "hlsEnableLowLatency"
    assert "server.statusWebHookURL" not in _names.of((2, 6, 1)).server
