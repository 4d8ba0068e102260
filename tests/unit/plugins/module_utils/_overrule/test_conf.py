from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    look as _look,
)

from tests.kit.overruling import APP, HEAD, system_property


def found(made, app=""):
    return {
        (entry.setting, entry.key, entry.way) for entry in made.look().entries if entry.app == app
    }


@pytest.mark.parametrize(
    ("file", "placeholder", "settings"),
    [
        ("jee-container.xml", "${http.host}:${http.port}", {"http.host", "http.port"}),
        ("jee-container.xml", "${http.host}:", set()),
        ("red5-core.xml", "${rtmp.host}:${rtmp.port}", {"rtmp.host", "rtmp.port"}),
        ("red5-core.xml", "${rtmps.keystorepass}", {"rtmps.keystorepass"}),
        ("red5-common.xml", "${server.cpu_limit}", {"server.cpu_limit"}),
    ],
)
def test_a_value_in_place_of_a_setting(host, file, placeholder, settings):
    made = host()
    value = "127.0.0.1" if settings else placeholder
    made.place.change(made.place.conf(file), placeholder, value)
    assert {setting for setting, _key, way in found(made) if way == _entry.LITERAL} == settings
    assert found(made, APP) == set()


def test_a_default_beside_the_placeholder_is_none(host):
    made = host()
    made.place.change(made.place.conf("red5-common.xml"), "cpu_limit}", "cpu_limit:75}")
    assert found(made) == set()


def test_another_address_beside_the_shipped_one(host):
    made = host()
    value = "<value>${rtmp.host}:${rtmp.port}</value>"
    more = f"{value}<value>0.0.0.0:1936</value>"
    made.place.change(made.place.conf("red5-core.xml"), value, more)
    assert found(made) == set()


@pytest.mark.parametrize(
    ("folder", "elsewhere"),
    [("/opt/webapps", True), ("${red5.root}/other", True), ("{home}/webapps/", False)],
)
def test_another_folder_of_applications(host, folder, elsewhere):
    made = host()
    folder = folder.replace("{home}", str(made.home))
    made.place.change(made.place.conf("jee-container.xml"), "${red5.root}/webapps", folder)
    assert bool(found(made, _entry.EVERY)) is elsewhere


def test_properties_come_before_the_servers_file(host):
    made = host()
    mode = '<property name="systemPropertiesModeName" value="SYSTEM_PROPERTIES_MODE_OVERRIDE"/>'
    location = '<property name="location"'
    made.place.change(made.place.conf("red5.xml"), location, mode + location)
    made.place.options.append("-Dserver.jwksURL=x")
    made.place.environment.update({"http.port": "1", "HTTP_HOST": "x"})
    assert found(made) == {
        ("server.jwksURL", "server.jwksURL", _entry.PROPERTY),
        ("http.port", "http.port", _entry.ENVIRONMENT),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("classpath:/red5.properties", "classpath:/other.properties"),
        ("classpath:/red5.properties", "file:/opt/red5.properties"),
    ],
)
@pytest.mark.parametrize("name", ["red5.xml", "red5-core.xml"])
def test_another_file_in_place_of_the_servers(host, name, old, new):
    made = host()
    text = made.place.conf("red5.xml").read_text()
    filler = text[text.index('<bean id="placeholderConfig"') : text.index("</bean>") + 7]
    if name != "red5.xml":
        made.place.change(made.place.conf(name), HEAD, HEAD + filler)
    made.place.change(made.place.conf(name), old, new)
    assert found(made) == {("*", new, _entry.OTHER_FILE)}


def test_beans_that_the_servers_beans_import(host):
    made = host()
    text = f'{HEAD}<bean id="ant.media.server.settings" class="x.Other"/></beans>'
    made.place.write(made.place.conf("more.xml"), text)
    imports = '<import resource="classpath:/more.xml"/><import resource="classpath:/none.xml"/>'
    made.place.change(made.place.conf("red5.xml"), "</beans>", imports + "</beans>")
    assert found(made) == {
        ("*", "the bean ant.media.server.settings of another class", _entry.BEAN)
    }
    path = made.place.conf("red5.xml")
    assert made.look().unread == (f"{path}: imports classpath:/none.xml, which was not found",)


def test_other_beans_for_all_applications(host):
    made = host()
    text = made.place.home.joinpath("webapps", "red5-default.xml").read_text()
    text = text.replace("</beans>", system_property("hlsTime") + "</beans>")
    path = made.place.write(made.place.outside / "default.xml", text)
    made.place.conf("red5.globals").write_text(f"default.context={path}\n")
    assert found(made, _entry.EVERY) == {("hlsTime", "hlsTime", _entry.BEAN)}


def test_beans_of_the_panel(host):
    made = host()
    text = f"{HEAD}{system_property('hlsTime')}</beans>"
    made.place.write(made.place.beans("root"), text)
    assert found(made, _entry.EVERY) == {("hlsTime", "hlsTime", _entry.BEAN)}


def test_a_home_without_any_of_it(fake, tmp_path):
    """As those of many tests, and of servers that were packed in another way."""
    home = fake.home(tmp_path / "bare")
    assert _look.look(_installation.observe(str(home)), None) == _look.Overruled()
