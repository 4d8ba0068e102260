from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    sense as _sense,
    xml_keys as _xml_keys,
)

NEW, OLD = (2, 17, 1), (2, 4, 3)
STOPS = "the application does not start with it"


def app(version=NEW, **document):
    """What is told of an application's file, by setting."""
    found = _sense.remarks(_catalogue.APP, version, document)
    assert len({remark.name for remark in found}) == len(found)
    return {remark.name: remark.what for remark in found}


def server(version=NEW, **document):
    """What is told of the server's file beside keys that it has to have."""
    document = {name.replace("__", "."): text for name, text in document.items()}
    needed = {
        key: {"bool": "true", "int": "1000", "str": "1000"}[kind]
        for key, kind in _xml_keys.read_in(version).items()
    }
    listens = {"http.host": "0.0.0.0", "rtmp.host": "0.0.0.0"}
    list_ = {"server.allowed_dashboard_CIDR": "127.0.0.1"}
    whole = {**needed, **listens, **list_, **document}
    found = _sense.remarks(
        _catalogue.SERVER, version, {key: text for key, text in whole.items() if text is not None}
    )
    return {remark.name: remark.what for remark in found}


def test_files_without_a_fault():
    assert app() == server() == {}
    assert app(hlsTime="2", ipFilterEnabled=" ON ", gopSize="0x10", remoteAllowedCIDR="::1") == {}


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("ipFilterEnabled", "", "'' is not a boolean"),
        ("h264Enabled", "maybe", "'maybe' is not a boolean"),
        ("gopSize", "1k", "'1k' is not a whole number"),
        ("gopSize", "2147483648", "'2147483648' is beyond what the server can hold, 2147483647"),
        ("abrUpScalePacketLostRatio", "1,5", "'1,5' is not a number"),
        ("customSettings", "[]", "'[]' is not a JSON object"),
    ],
)
def test_what_stops_an_application(name, text, what):
    assert app(**{name: text}) == {name: f"{what}; {STOPS}"}


def test_numbers_with_more_room():
    number = str(2**40)
    assert app(rtmpIngestBufferTimeMs=number) == {}
    assert "beyond" in app(rtmpIngestBufferTimeMs=str(2**63))["rtmpIngestBufferTimeMs"]


def test_what_spring_would_expand_or_run():
    found = app(encoderName="a${x}b", jwtSecretKey="a#{1+1}b", vodFolder="#{", s3Endpoint="${x:y}")
    assert set(found) == {"encoderName", "jwtSecretKey", "vodFolder", "s3Endpoint"}
    assert found["encoderName"].startswith("has ${...}, in whose place the server puts what")
    assert found["vodFolder"].startswith("has #{, which the server runs as a program")
    # These are texts.
    assert app(encoderName="a${b", s3Endpoint="$x}{") == {}


def test_a_backslash_before_it_counts_for_new_servers():
    assert app(encoderName="a\\${x}b") == {}
    assert set(app((2, 11, 3), encoderName="a\\${x}b")) == {"encoderName"}
    assert set(app(encoderName="a\\${x}${y}")) == {"encoderName"}


def test_a_key_that_is_not_read_says_nothing():
    assert app(**{"settings.ipFilterEnabled": ""}, ipFilterEnabled="true") == {}
    assert app((2, 6, 1), ipFilterEnabled="", **{"settings.ipFilterEnabled": "true"}) == {}
    assert set(app((2, 6, 1), **{"settings.ipFilterEnabled": ""})) == {"ipFilterEnabled"}
    assert app((3, 0, 3), **{"settings.ipFilterEnabled": ""}) == {}
    assert app(OLD, hlsSegmentFileSuffixFormat="[") == {}
    assert app(nobody="${x}") == {}


def test_the_key_is_told_as_the_file_has_it():
    (remark,) = _sense.remarks(_catalogue.APP, (2, 6, 1), {"settings.previewGenerate": "x"})
    assert remark.shown() == {
        "setting": "generatePreview",
        "key": "settings.previewGenerate",
        "what": f"'x' is not a boolean; {STOPS}",
    }


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty: nobody gets in"),
        ("127.0.0.1,10.0.0.0/8", None),
        ("127.0.0.1 ", "'127.0.0.1 ' is dropped without a word; nobody gets in"),
        ("10.0.0.0/8,127.0.0.1 ", "'127.0.0.1 ' is dropped without a word"),
        (
            "10.0.0.0/255.0.0.0",
            "'10.0.0.0/255.0.0.0' is dropped without a word; nobody gets in",
        ),
        ("*", "'*' is dropped without a word; nobody gets in"),
        (",10.0.0.0/8", "an empty entry is taken for 127.0.0.1"),
        ("10.1", "'10.1' is taken for 10.0.0.1"),
        ("panel.example", "'panel.example' is a host name, which is looked up on every request"),
    ],
)
def test_lists(text, what):
    assert app(remoteAllowedCIDR=text) == ({"remoteAllowedCIDR": what} if what else {})


def test_a_list_of_publishers_that_is_empty_lets_in_everybody_as_it_says():
    assert app(allowedPublisherCIDR="") == {}
    assert app(allowedPublisherCIDR="10.0.0.0/33") == {
        "allowedPublisherCIDR": "'10.0.0.0/33' is dropped without a word"
    }


def test_many_entries_are_counted():
    text = ",".join(f"10.0.0.{number}/33" for number in range(40))
    what = app(remoteAllowedCIDR=text)["remoteAllowedCIDR"]
    assert "and 35 more; nobody gets in" in what
    assert len(app(remoteAllowedCIDR="x y" * 100_000)["remoteAllowedCIDR"]) < 200


def test_texts_that_mean_something_else():
    found = app(hlsTime="abc", s3Permission="privat", timeTokenPeriod=" 0 ")
    assert found["hlsTime"].startswith("'abc' is not a whole number from 1 on; with it")
    assert found["s3Permission"].endswith("so everybody can read what it uploads")
    what = "' 0 ' is not a whole number from 1 on; with it no code is ever right"
    assert found["timeTokenPeriod"] == what


def test_secrets_are_not_shown():
    found = app(jwtControlEnabled="true", jwtSecretKey="a-short-one", turnServerCredential="${x}")
    assert found["jwtSecretKey"] == "has 11 characters, at least 32 are needed"
    assert not any("a-short-one" in what for what in found.values())


def test_secrets_that_are_none_while_something_asks_for_them(fake):
    what = "is empty while hashControlPlayEnabled is on: anybody can make the tokens"
    assert app(hashControlPlayEnabled="on") == {"tokenHashSecret": what}
    assert app(playJwtControlEnabled="true", jwtStreamSecretKey="short") == {
        "jwtStreamSecretKey": "has 5 characters, at least 32 are needed while playJwtControlEnabled"
        " is on: no token is taken"
    }
    assert app(playJwtControlEnabled="true", jwtStreamSecretKey=fake.SECRETS["stream"]) == {}
    assert app(playJwtControlEnabled="false", jwtStreamSecretKey="short") == {}
    assert app(jwtControlEnabled="true", jwksURL="https://x.example") == {}
    assert set(server(server__jwtServerControlEnabled="true")) == {"server.jwtServerSecretKey"}


def test_the_servers_own_file():
    assert server(server__cpu_limit="") == {
        "server.cpu_limit": "'' is not a whole number; the server does not start with it"
    }
    assert server(http__port="70000") == {
        "http.port": "'70000' is not a port from 1 to 65535; nothing listens there"
    }
    assert set(server(https__port="0")) == {"https.port"}
    more = "the server does not start with it, or not all of it does"
    assert server(rtmp__tcp_nodelay="ja", rtmp__backlog="32k") == {
        "rtmp.tcp_nodelay": f"'ja' is not a boolean; {more}",
        "rtmp.backlog": f"'32k' is not a whole number; {more}",
    }
    assert server(http__host="nosuch.example")["http.host"].endswith("makes every address")
    assert server(server__allowed_dashboard_CIDR=None) == {
        "server.allowed_dashboard_CIDR": "is not there: nobody gets in"
    }


def test_keys_without_which_the_server_does_not_start():
    assert server(rtmp__port=None) == {
        "rtmp.port": "without rtmp.port in the file the server does not start, or not all of it"
    }
    (remark,) = _sense.remarks(
        _catalogue.SERVER, NEW, {"server.allowed_dashboard_CIDR": "127.0.0.1"}
    )
    assert "and 63 more in the file" in remark.what
    assert server(OLD, rtmps__port=None) == {}
    assert set(server((2, 14, 0), rtmps__port=None)) == {"rtmps.port"}
