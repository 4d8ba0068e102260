from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import java as _java
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import unit as _unit

DEBUG = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005"
PORT = "-Dcom.sun.management.jmxremote.port=5599"
MAIN = "org.red5.server.Bootstrap"


@pytest.fixture(autouse=True)
def unit(monkeypatch):
    """The unit of the next start, None for none."""
    found = {}
    monkeypatch.setattr(_unit, "look", lambda files, home: found.get("unit"))
    return found


def test_no_start(scene):
    assert _java.look(scene()) == {"now": None, "next": None}


def test_the_running_process(scene):
    words = ("java", "-Xmx2g", "-Dsecret=hidden", DEBUG, "-cp", "x", MAIN, "-Xdebug")
    found = _java.look(scene(arguments=words, environ={"JAVA_TOOL_OPTIONS": f"'{PORT}' -Dx=1"}))
    assert found == {"now": [PORT, "-Xmx2g", DEBUG], "next": None}


def test_the_next_start(scene, unit):
    unit["unit"] = _unit.Unit(
        {"JDK_JAVA_OPTIONS": DEBUG}, {}, ("/usr/bin/env", "java", "-Xmx1g", MAIN)
    )
    assert _java.look(scene())["next"] == [DEBUG, "-Xmx1g"]


def test_a_script_that_starts_it(scene, unit):
    unit["unit"] = _unit.Unit({"JVM_OPTS": PORT}, {}, ("/ams/start.sh",))
    assert _java.look(scene())["next"] == [PORT]
    unit["unit"].assigned.append(("JAVA_OPTS", f"-Dx=1 {DEBUG}", "/ams/start.sh"))
    assert _java.look(scene())["next"] == [DEBUG]


def test_words_without_end(scene):
    words = ("java", *[DEBUG + "x" * 5000] * 500, MAIN)
    found = _java.look(scene(arguments=words))["now"]
    assert (len(found), max(map(len, found))) == (_java.MOST, _java.LONGEST)
