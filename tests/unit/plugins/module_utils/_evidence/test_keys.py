from __future__ import annotations

import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import keys as _keys


@pytest.fixture
def look(home, scene):
    """What is told of the lines of an application's file; `version` is that of the server."""

    def found(*lines, version="2.17.1", app="LiveApp"):
        with zipfile.ZipFile(home / "ant-media-server.jar", "w") as jar:
            jar.writestr("META-INF/MANIFEST.MF", f"Implementation-Version: {version}\r\n")
        path = home / "webapps/LiveApp/WEB-INF/red5-web.properties"
        path.write_text("".join(line + "\n" for line in lines))
        return [tuple(row.values()) for row in _keys.look(scene())["apps"][app]]

    return found


def test_what_this_version_does_not_read(look):
    assert look("jwtControlEnabled=true", version="2.6.1") == [
        ("jwtControlEnabled", "jwtControlEnabled", "dead", "")
    ]


def test_what_a_later_version_does_not_read_any_more(look):
    assert look("settings.jwtControlEnabled=true", version="3.0.3") == [
        ("settings.jwtControlEnabled", "jwtControlEnabled", "dead", "")
    ]


def test_what_came_later(look):
    assert look("secureAnalyticEndpoint=true", version="2.6.2") == [
        ("secureAnalyticEndpoint", "secureAnalyticEndpoint", "dead", "")
    ]


def test_what_is_the_default_in_any_case_is_not_missed(look):
    lines = ("settings.acceptOnlyStreamsInDataStore=false", "settings.jwtSecretKey=")
    assert look(*lines, version="3.0.3") == []


def test_a_twin_that_says_something_else(look):
    lines = ("settings.ipFilterEnabled=true", "ipFilterEnabled=no")
    assert look(*lines) == [
        ("settings.ipFilterEnabled", "ipFilterEnabled", "twin", "ipFilterEnabled")
    ]


@pytest.mark.parametrize("text", ["no", " FALSE", "0"])
def test_a_twin_that_says_the_same(look, text):
    assert look(f"settings.ipFilterEnabled={text}", "ipFilterEnabled=false") == []


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("remoteAlowedCIDR", "remoteAllowedCIDR"),
        ("settings.remoteAlowedCIDR", "remoteAllowedCIDR"),
        ("jwtcontrolenabled", "jwtControlEnabled"),
    ],
)
def test_a_misspelt_key(look, key, near):
    assert look(f"{key}=x") == [(key, near, "misspelt", "")]
    assert look(f"{key}=x", f"{near}=y") == []


@pytest.mark.parametrize(
    "key", ["updateTime", "dbId", "originEdgeIdleTimeout", "webapp.contextPath", "company.note"]
)
def test_what_others_write_there(look, key):
    assert look(f"{key}=x") == []


def test_values_are_not_told(look):
    told = look("jwtSecretKey=hidden", "settings.jwtSecretKey=concealed", "jwtSecretKay=veiled")
    assert told and not [word for word in ("hidden", "concealed", "veiled") if word in str(told)]


def test_there_is_an_end(look):
    assert len(look(*(f"jwtSecretKe{number}=x" for number in range(3000)))) <= _keys.MOST


def test_the_server(scene, home):
    path = home / "conf/red5.properties"
    text = path.read_text().replace("server.allowed_dashboard_CIDR", "server.allowed_dashbord_CIDR")
    path.write_text(text)
    assert _keys.look(scene())["server"] == [
        {
            "key": "server.allowed_dashbord_CIDR",
            "setting": "server.allowed_dashboard_CIDR",
            "fault": "misspelt",
            "wins": "",
        }
    ]
