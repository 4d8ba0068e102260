from __future__ import annotations

import os
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    wiring as _wiring,
)

IP = "io.antmedia.filter.IPFilter"
LOGIN = "io.antmedia.console.rest.AuthenticationFilter"


@pytest.fixture
def look(home):
    """What is wrong with the filters of an application, or the panel: texts by class."""

    def run(app="LiveApp"):
        found = _wiring.look(_installation.observe(str(home)))
        return {row.name: why for row, why in found[app].lacks.items()}

    return run


@pytest.fixture
def below(home):
    """A path below an application, whose folder is made."""

    def path(name, app="LiveApp"):
        found = home / "webapps" / app / name
        found.parent.mkdir(parents=True, exist_ok=True)
        return found

    return path


def everything(why):
    return lambda found: set(found.values()) == {why} and IP in found


def test_as_shipped(home, look):
    assert look() == look("events") == look("") == {}
    found = _wiring.look(_installation.observe(str(home)))
    assert list(found) == ["", "LiveApp", "events"]
    path = home / "webapps/LiveApp/WEB-INF/web.xml"
    assert found["LiveApp"].file == str(path)
    assert found["LiveApp"].changed == path.stat().st_mtime


def test_what_is_missing_is_told_of_the_application_that_lacks_it(home, look, fake, below):
    path = below("WEB-INF/web.xml")
    path.write_text(fake.web_xml("application", without=[IP]))
    assert look() == {IP: f"{path} has no filter {IP}"}
    assert look("events") == {}
    panel = below("WEB-INF/web.xml", app="root")
    panel.write_text(fake.web_xml("panel", without=[LOGIN]))
    assert look("") == {LOGIN: f"{panel} has no filter {LOGIN}"}


def test_no_web_xml_at_all(look, below):
    path = below("WEB-INF/web.xml")
    path.unlink()
    assert everything(f"{path} is missing, so nothing has a filter")(look())


def test_a_panel_that_is_not_there_lacks_nothing(home):
    for path in sorted((home / "webapps/root").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (home / "webapps/root").rmdir()
    assert "" not in _wiring.look(_installation.observe(str(home)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<web-app>", "is not well-formed XML: no element found: line 1, column 9"),
        (b"<!DOCTYPE web-app><web-app/>", "has a document type"),
        (b"<web-app>" + b" " * (1 << 20) + b"</web-app>", "cannot be read: has more than 1 MiB"),
    ],
)
def test_a_file_that_is_not_read_is_as_good_as_none(look, below, content, why):
    path = below("WEB-INF/web.xml")
    path.write_bytes(content)
    assert all(text.startswith(f"{path} {why}") for text in look().values())
    assert IP in look()


def test_a_pipe_in_its_place(look, below):
    path = below("WEB-INF/web.xml")
    path.unlink()
    os.mkfifo(path)
    assert everything(f"{path} cannot be read: is a pipe, not a file")(look())


def test_a_link_is_followed(look, below):
    path = below("WEB-INF/web.xml")
    path.rename(path.with_name("real.xml"))
    path.symlink_to("real.xml")
    assert look() == {}


def test_a_context_that_names_another_file(look, below):
    path = below("META-INF/context.xml")
    path.write_text('<Context altDDName="/tmp/other.xml"/>')
    assert everything(f"{path} names another web.xml (altDDName)")(look())
    assert look("events") == {}
    path.write_text("<Context")
    assert all(text.startswith(f"{path} is not well-formed XML") for text in look().values())


@pytest.mark.parametrize("name", ["context.xml", "red5Engine/0.0.0.0/context.xml.default"])
def test_a_context_for_all_applications(home, look, name):
    path = home / "conf" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('<Context altDDName="/tmp/other.xml"/>')
    for app in ("LiveApp", "events", ""):
        assert set(look(app).values()) == {f"{path} names another web.xml (altDDName)"}


SERVLET = """<web-app><servlet><servlet-name>x</servlet-name>
<servlet-class>org.glassfish.jersey.servlet.ServletContainer</servlet-class>
<init-param><param-value>io.antmedia.rest</param-value></init-param></servlet>
<servlet-mapping><servlet-name>x</servlet-name><url-pattern>/api/*</url-pattern></servlet-mapping>
</web-app>"""


def test_what_tomcat_joins_with_every_web_xml(home, look):
    path = home / "conf/red5Engine/0.0.0.0/web.xml.default"
    path.parent.mkdir(parents=True)
    path.write_text(SERVLET)
    for app in ("LiveApp", "events"):
        assert look(app)[IP].endswith(f"web.xml does not map {IP} to /api/*")
    path.write_text("<web-app")
    assert look()[IP].startswith(f"{path} is not well-formed XML")


def test_tomcats_own_web_xml_is_not_read_by_the_server(home, look):
    (home / "conf/web.xml").write_text(SERVLET)
    assert look() == {}


def test_a_class_that_an_application_brings_itself(look, below):
    path = below("WEB-INF/classes/io/antmedia/filter/IPFilter.class")
    path.write_bytes(b"x")
    assert look() == {IP: f"{path} stands in place of the server's own"}
    path.rename(path.with_name("Other.class"))
    assert look() == {}


def test_a_class_in_an_archive(look, below):
    path = below("WEB-INF/lib/x.jar")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("io/antmedia/filter/IPFilter.class", "x")
    assert look() == {IP: f"{path} has a {IP} in place of the server's own"}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("com/example/IPFilter.class", "x")
    assert look() == {}


FRAGMENT = SERVLET.replace("web-app", "web-fragment")


def fragment(path, text):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/web-fragment.xml", text)


def test_a_part_of_a_web_xml_in_an_archive(look, below):
    path = below("WEB-INF/lib/x.jar")
    fragment(path, FRAGMENT)
    assert look()[IP].endswith(f"WEB-INF/web.xml does not map {IP} to /api/*")
    assert look("events") == {}
    fragment(path, SERVLET)  # of another root: Tomcat finds nothing in it
    assert look() == {}
    fragment(path, "<web-fragment")
    assert look()[IP].startswith(f"{path} is not well-formed XML")


def test_a_web_xml_that_is_complete_takes_no_parts(look, below):
    fragment(below("WEB-INF/lib/x.jar"), FRAGMENT)
    path = below("WEB-INF/web.xml")
    text = path.read_text().replace("<web-app ", '<web-app metadata-complete="true" ')
    path.write_text(text)
    assert look() == {}


def test_archives_that_are_none(look, below):
    path = below("WEB-INF/lib/a.jar")
    for make in (lambda: path.write_bytes(b""), lambda: os.mkfifo(path), path.mkdir):
        make()
        assert all(text.startswith(f"{path} cannot be read: ") for text in look().values())
        assert IP in look()
        path.rmdir() if path.is_dir() else path.unlink()
    below("WEB-INF/lib/readme.txt").write_text("x")
    assert look() == {}


def test_more_archives_than_anybody_has(look, below, monkeypatch):
    monkeypatch.setattr(_wiring, "MOST_ARCHIVES", 1)
    for name in "ab":
        fragment(below(f"WEB-INF/lib/{name}.jar"), "<web-fragment/>")
    assert everything(f"{below('WEB-INF/lib')} has more than 1 archives")(look())
