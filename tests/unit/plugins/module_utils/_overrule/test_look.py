"""Every way that real servers take is found, by the table that is tried on them, and no other."""

from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    look as _look,
)

from tests.kit import overruling
from tests.kit.madeup import ERAS
from tests.kit.overruling import APP, OF_APPS, OF_SERVER, ONE, PLAIN, SETTINGS, WAYS

NAMES = dict(zip(WAYS, SETTINGS[1:]))


@pytest.mark.parametrize("version", ERAS)
def test_a_server_as_shipped(host, version):
    found = host(version).look()
    assert (found.entries, found.unread, found.unit) == ((), (), False)
    assert found.concerning({"": SETTINGS, APP: SETTINGS}) == []


@pytest.mark.parametrize("version", ["2.6.1", "2.17.1"])
@pytest.mark.parametrize("name", WAYS)
def test_a_way(host, name, version):
    made, way, setting = host(version), WAYS[name], NAMES[name]
    where = way.put(made.place, setting, made.place.key(setting))
    made.age()
    found = made.entries()
    if not way.takes(version):
        assert found == set()
        return
    assert {(each, place) for each, place, _when in found} == {(setting, where)}
    assert {when for _each, _place, when in found} <= {_entry.NOW, _entry.ALWAYS}
    assert bool(made.entries(PLAIN)) == way.everywhere
    assert made.entries("") == set()


@pytest.mark.parametrize("version", ["2.6.1", "2.17.1"])
@pytest.mark.parametrize("app", OF_APPS)
def test_a_way_of_an_application(host, app, version):
    made = host(version, apps=[app, PLAIN])
    where = OF_APPS[app].put(made.place, app)
    named = {place for setting, place, _when in made.entries(app) if setting in (ONE, "*")}
    assert (where in named) == OF_APPS[app].takes(version)
    assert bool(named) == OF_APPS[app].takes(version)
    assert made.entries(PLAIN) == set()


@pytest.mark.parametrize("key", OF_SERVER)
def test_a_way_of_the_server(host, key):
    made = host()
    where = OF_SERVER[key][0].put(made.place, key)
    takes = OF_SERVER[key][0].takes("2.17.1")
    assert {(setting, place) for setting, place, _ in made.entries("")} == (
        {(key, where)} if takes else set()
    )
    assert made.entries() == set()


def test_all_at_once(host):
    made = host(apps=[APP, PLAIN, *OF_APPS])
    for name, way in WAYS.items():
        way.put(made.place, NAMES[name], made.place.key(NAMES[name]))
    for app, way in OF_APPS.items():
        way.put(made.place, app)
    assert {setting for setting, _place, _when in made.entries()} == set(NAMES.values())


def test_what_the_running_server_has_not_read_yet(host):
    made = host()
    name, way = "web.xml", WAYS["web.xml"]
    where = way.put(made.place, NAMES[name], NAMES[name])
    assert made.entries() == {(NAMES[name], where, _entry.ALWAYS)}
    made.place.process = lambda _started: overruling.Place.process(made.place, time.time() - 60)
    assert made.entries() == {(NAMES[name], where, _entry.NEXT)}
    made.running = False
    assert made.entries() == {(NAMES[name], where, _entry.NEXT)}


def test_a_node_of_a_cluster(host):
    made = host()
    path = made.place.conf("jee-container.xml")
    path.write_text(path.read_text().replace("</beans>", '<bean id="tomcat.cluster"/></beans>'))
    found = made.look()
    assert {(entry.app, entry.way) for entry in found.entries} == {
        (app, _entry.DATABASE) for app in (APP, PLAIN)
    }
    assert found.concerning({APP: ["hlsTime"]}) == []  # runs know it


def test_values_are_never_shown(host):
    made = host()
    made.place.environment["JWTSECRETKEY"] = "hidden-one"
    made.place.options.append("-DjwtStreamSecretKey=hidden-two")
    made.place.change(made.place.settings(APP), "tokenHashSecret=file", "tokenHashSecret=${hidden}")
    found = made.look()
    assert len(found.entries) == 3
    text = repr(found) + repr([entry.shown() for entry in found.entries])
    text += repr(found.concerning({APP: SETTINGS}, written=False))
    assert "hidden" not in text


def test_what_concerns_a_policy(host):
    made = host()
    made.place.environment["HLSTIME"] = "9"
    found = made.look()
    assert found.concerning({APP: ["hlsListSize"], PLAIN: []}) == []
    assert found.concerning({"": ["hlsTime"]}) == []
    assert found.concerning({APP: ["hlsTime"]}) == [
        "the server's environment has HLSTIME, which overrules the files of all applications; take"
        " it out of the unit and its drop-ins"
    ]


def test_what_does_not_end_is_not_followed(host):
    made = host()
    more = "".join(f'<include file="{number}.xml"/>' for number in range(300))
    for name in ("logback.xml", "1.xml", "2.xml"):
        made.place.conf(name).write_text(
            f'<configuration>{more}<include file="logback.xml"/></configuration>'
        )
    for number in range(300):
        made.place.info(APP, f"red5-{number}.xml").write_text("<beans/>")
    text = '<beans><import resource="red5-web.xml"/><import resource="other.xml"/></beans>'
    made.place.info(APP, "other.xml").write_text(text)
    begun = time.monotonic()
    found = made.look()
    assert time.monotonic() - begun < 5
    assert any("more than 100" in text for text in found.unread)


def test_files_that_are_no_xml(host):
    made = host()
    for name in ("red5.xml", "logback.xml"):
        made.place.conf(name).write_text("<beans>")
    made.place.beans(APP).write_text("<beans>")
    made.place.info(APP, "web.xml").write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")
    (made.home / "webapps" / APP / "META-INF").mkdir(parents=True)
    (made.home / "webapps" / APP / "META-INF" / "context.xml").write_bytes(b"\xff\xfe\x00")
    found = made.look()
    assert found.entries == ()
    assert len(found.unread) == 5
    assert f"{made.place.info(APP, 'web.xml')}: declares a document type of its own" in found.unread


def test_a_configuration_of_the_log_that_java_is_told_of(host):
    made = host()
    path = made.place.outside / "log.xml"
    path.write_text('<configuration><define scope="system" name="hlsTime"/></configuration>')
    made.place.options.append(f"-Dlogback.configurationFile=file:{path}")
    assert {(setting, where) for setting, where, _when in made.entries()} == {
        ("hlsTime", str(path))
    }


def test_what_is_told_is_in_order():
    assert _look.Overruled().concerning({APP: SETTINGS}) == []
