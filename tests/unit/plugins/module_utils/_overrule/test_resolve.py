"""Which name wins over which file: as measured on real servers, spelling by spelling."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    beans as _beans,
    conf as _conf,
    entry as _entry,
    resolve as _resolve,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule.scene import Named

ALL, NONE = _beans.ALL, _beans.NONE
OWN = _beans.Filler(("x",))
LAST = _beans.Filler(("x",), before=NONE, after=ALL)
NEVER = _beans.Filler(("x",), before=NONE, after=NONE)


def resolve(fake, name, version, file, filler=OWN, way=_entry.PROPERTY):
    installation = fake.installation(version, apps={"one": file.encode()})
    named = [Named(way, name, "/x", _entry.NOW)]
    fillers = {"": _conf.AS_SHIPPED, "one": filler}
    return {
        (entry.app, entry.setting, entry.fills)
        for entry in _resolve.entries(installation, named, fillers)
    }


@pytest.mark.parametrize(
    ("version", "name", "file", "wins"),
    [
        ("2.17.1", "hlsTime", "hlsTime=1", False),
        ("2.17.1", "hlsTime", "settings.hlsTime=1", False),
        ("2.17.1", "hlsTime", "", False),
        ("2.17.1", "settings.hlsTime", "hlsTime=1", None),  # the bare key of the file wins
        ("2.17.1", "settings.hlsTime", "hlsTime=", None),
        ("2.17.1", "settings.hlsTime", "settings.hlsTime=1", True),
        ("2.17.1", "settings.hlsTime", "", True),
        ("2.6.1", "settings.hlsTime", "settings.hlsTime=1", False),
        ("2.6.1", "hlsTime", "settings.hlsTime=1", None),
        ("2.6.1", "hlsTime", "", None),
        ("3.0.3", "hlsTime", "hlsTime=1", False),
        ("3.0.3", "settings.hlsTime", "", None),
    ],
)
def test_spellings(fake, version, name, file, wins):
    found = resolve(fake, name, version, file)
    assert found == (set() if wins is None else {("*", "hlsTime", wins)})


def test_one_key_for_two_settings(fake):
    name = "settings.tokenControlEnabled"
    assert resolve(fake, name, "2.6.1", "settings.playTokenControlEnabled=true") == {
        ("*", "publishTokenControlEnabled", True)
    }


@pytest.mark.parametrize(
    ("filler", "file", "wins"),
    [
        (LAST, "hlsTime=1", None),
        (LAST, "", True),
        (LAST, "settings.hlsTime=1", True),
        (NEVER, "", None),
    ],
)
def test_files_that_come_first(fake, filler, file, wins):
    found = resolve(fake, "hlsTime", "2.17.1", file, filler)
    assert found == (set() if wins is None else {("*", "hlsTime", wins)})


def test_variables_by_any_of_their_names(fake):
    for name in ("settings_hlsTime", "SETTINGS.HLSTIME", "SETTINGS_HLSTIME", "settings.hlsTime"):
        assert resolve(fake, name, "2.6.1", "", way=_entry.ENVIRONMENT)
        assert not resolve(fake, name, "3.0.3", "", way=_entry.ENVIRONMENT)
    assert not resolve(fake, "HLSTIME", "2.17.1", "", way=_entry.PROPERTY)


def test_some_of_several_applications(fake):
    installation = fake.installation("2.17.1", apps={"a": b"", "b": b"hlsTime=1", "c": b""})
    named = [Named(_entry.PROPERTY, "settings.hlsTime", "/x")] * 2
    fillers = dict.fromkeys("abc", OWN)
    found = list(_resolve.entries(installation, named, {"": _conf.AS_SHIPPED, **fillers}))
    assert [(entry.app, entry.fills) for entry in found] == [("a", True), ("c", True)]


def test_a_server_without_applications(fake):
    installation = fake.installation("2.17.1", apps={})
    named = [Named(_entry.PROPERTY, "hlsTime", "/x")]
    (found,) = _resolve.entries(installation, named, {"": _conf.AS_SHIPPED})
    assert (found.app, found.setting) == ("*", "hlsTime")


@pytest.mark.parametrize(
    ("filler", "file", "wins"),
    [
        (_conf.AS_SHIPPED, b"http.port=1", None),
        (_conf.AS_SHIPPED, b"", True),
        (_beans.Filler(("x",), before=_beans.SYSTEM), b"http.port=1", False),
        (NEVER, b"", None),
    ],
)
def test_the_servers_own(fake, filler, file, wins):
    installation = fake.installation("2.17.1", server=file, apps={})
    for name, way in (("http.port", _entry.PROPERTY), ("HTTP_PORT", _entry.ENVIRONMENT)):
        found = list(_resolve.entries(installation, [Named(way, name, "/x")], {"": filler}))
        expected = [] if wins is None or name.isupper() else [("", "http.port", wins)]
        assert [(entry.app, entry.setting, entry.fills) for entry in found] == expected


def test_a_parameter_of_an_application_is_none_of_the_server(fake):
    installation = fake.installation("2.17.1", server=b"", apps={"one": b""})
    named = [Named(_entry.PARAMETER, "http.port", "/x", app="one")]
    fillers = {"": _beans.Filler(()), "one": OWN}
    assert list(_resolve.entries(installation, named, fillers)) == []


def test_values_that_are_to_be_found_elsewhere(fake):
    apps = {"one": b"hlsTime=${X}\ngopSize=#{1+1}\nother=${X}\nhlsListSize=5"}
    installation = fake.installation("2.17.1", server=b"http.port=${PORT}", apps=apps)
    found = list(_resolve.references(installation))
    assert [(entry.app, entry.setting, entry.way) for entry in found] == [
        ("", "http.port", _entry.REFERENCE),
        ("one", "hlsTime", _entry.REFERENCE),
        ("one", "gopSize", _entry.REFERENCE),
    ]
