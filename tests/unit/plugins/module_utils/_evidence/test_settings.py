from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    settings as _settings,
)


@pytest.fixture
def look(scene, home):
    def found(text="", server=""):
        for name, more in (
            ("webapps/LiveApp/WEB-INF/red5-web.properties", text),
            ("conf/red5.properties", server),
        ):
            path = home / name
            path.write_text(path.read_text() + "\n" + more)
        return _settings.look(scene())

    return found


def test_what_a_start_would_use(look):
    found = look("s3Permission=private\nmuxerFinishScript=/opt/x.sh\n", "useGlobalIp=true\n")
    app = found["apps"]["LiveApp"]
    assert (app["s3Permission"], app["muxerFinishScript"]) == ("private", "/opt/x.sh")
    assert found["apps"]["events"]["s3Permission"] == "public-read"
    assert found["server"]["useGlobalIp"] == "true"
    assert found["server"]["https.port"] == "5443"
    assert "jmx.rmi.port.registry" not in found["server"]


def test_secrets_are_named_and_not_shown(look):
    found = look("s3SecretKey=hidden-one\nturnServerCredential=hidden-two\n")
    assert found["apps"]["LiveApp"]["s3SecretKey"] == _secret.fingerprint("hidden-one")
    assert "hidden" not in str(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://hook.example.net/x?token=hidden", "https://hook.example.net/x"),
        ("http://jane:hidden@hook.example.net/x", "http://hook.example.net/x"),
        ("http://hook.example.net/@x", "http://hook.example.net/@x"),
        ("", ""),
    ],
)
def test_addresses_without_secrets_in_them(look, text, told):
    assert look(f"listenerHookURL={text}\n")["apps"]["LiveApp"]["listenerHookURL"] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mongodb://jane:hidden@db.example.net/x", "mongodb://@db.example.net/x"),
        ("mongodb+srv://jane:hidden@db.example.net", "mongodb+srv://@db.example.net"),
        ("db.example.net", "db.example.net"),
    ],
)
def test_the_address_of_a_database_without_its_password(look, text, told):
    assert look(server=f"clusterdb.host={text}\n")["server"]["clusterdb.host"] == told


def test_every_setting_is_in_the_catalogue_and_told_nowhere_else():
    for kind, names in (
        (_catalogue.SERVER, _settings.OF_SERVER),
        (_catalogue.APP, _settings.OF_APP),
    ):
        assert [name for name in names if _catalogue.by_name(kind, name).realm] == []
    assert [key for key in _settings.KEYS if _catalogue.by_key(_catalogue.SERVER, key)] == []
