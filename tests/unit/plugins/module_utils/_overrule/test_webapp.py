from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
)

from tests.kit.overruling import APP, FILLER, HEAD, HOLDER, PLAIN


def found(made, app=APP):
    return {(entry.setting, entry.key) for entry in made.look().entries if entry.app == app}


def parameter(name, value):
    names = f"<param-name>{name}</param-name><param-value>{value}</param-value>"
    return f"<context-param>{names}</context-param><listener>"


def describe(made, name, value):
    made.place.change(made.place.info(APP, "web.xml"), "<listener>", parameter(name, value))


@pytest.mark.parametrize("name", ["contextClass", "parentContextKey"])
def test_an_application_of_other_parts(host, name):
    made = host()
    describe(made, name, "x")
    assert found(made) == {("*", f"{name}=x")}


@pytest.mark.parametrize(
    "value", ["/WEB-INF/red5-*.xml", " /WEB-INF/red5-web.xml\n", "WEB-INF/red5-web.xml"]
)
def test_beans_by_their_usual_names(host, value):
    made = host()
    describe(made, "contextConfigLocation", value)
    assert (found(made), made.look().unread) == (set(), ())


@pytest.mark.parametrize("value", ["classpath:other.xml", "/WEB-INF/other.xml", "http://x/y.xml"])
def test_beans_that_are_not_found(host, value):
    made = host()
    describe(made, "contextConfigLocation", value)
    path = made.place.info(APP, "web.xml")
    assert made.look().unread == (f"{path}: names {value}, which was not found",)


def test_beans_of_the_class_path(host):
    made = host()
    describe(made, "contextConfigLocation", "classpath:other.xml")
    bean = HOLDER.replace(" />", '><property name="hlsTime" value="1"/></bean>')
    made.place.write(made.place.info(APP, "classes", "other.xml"), f"{HEAD}{FILLER}{bean}</beans>")
    assert found(made) == {("hlsTime", "hlsTime")}
    assert found(made, PLAIN) == set()


def test_no_properties_file_at_all(host):
    made = host()
    made.place.change(made.place.beans(APP), FILLER, "")
    assert found(made) == {("*", "no properties file")}


@pytest.mark.parametrize(
    ("location", "keys"),
    [
        ("/WEB-INF/more.properties", {("hlsTime", "hlsTime")}),
        ("WEB-INF/more.properties", {("hlsTime", "hlsTime")}),
        ("file:{info}/more.properties", {("hlsTime", "hlsTime")}),
        ("${red5.root}/more.properties", set()),  # is not there
        ("/WEB-INF/*.properties", {("*", "/WEB-INF/*.properties")}),
        ("${other}/more.properties", {("*", "${other}/more.properties")}),
        ("http://x/more.properties", {("*", "http://x/more.properties")}),
        ("/WEB-INF/broken.properties", {("*", "/WEB-INF/broken.properties")}),
    ],
)
def test_a_file_behind_ours(host, location, keys):
    made = host()
    made.place.write(made.place.info(APP, "more.properties"), "hlsTime=1\nother=2\n")
    made.place.write(made.place.info(APP, "broken.properties"), "hlsTime=\\u1\n")
    location = location.replace("{info}", str(made.place.info(APP)))
    ours = "/WEB-INF/red5-web.properties"
    made.place.change(made.place.beans(APP), f'"{ours}"', f'"{ours},{location}"')
    assert found(made) == keys


@pytest.mark.parametrize("name", ["lib/x.jar", "lib/x.zip"])
def test_archives_that_are_none(host, name):
    made = host()
    made.place.write(made.place.info(APP, name), "no archive")
    assert len(made.look().unread) == name.endswith(".jar")


def test_whatever_happens_in_it_an_application_is_alone(host):
    made = host()
    made.place.change(
        made.place.beans(APP), FILLER, FILLER.replace("/>", ' local-override="true"/>')
    )
    made.place.environment["HLSTIME"] = "1"
    assert [(entry.app, entry.setting) for entry in made.look().entries] == [(PLAIN, "hlsTime")]
    assert _entry.EVERY not in {entry.app for entry in made.look().entries}
