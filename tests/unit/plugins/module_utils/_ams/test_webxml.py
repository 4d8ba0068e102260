from __future__ import annotations

import contextlib
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    webxml as _webxml,
    xml as _xml,
)

parse, diverted = _webxml.parse, _webxml.diverted


def web(inner, root="web-app"):
    return parse(f'<?xml version="1.0"?><{root}>{inner}</{root.split()[0]}>'.encode())


FILTER = "<filter><filter-name>F</filter-name><filter-class>a.F</filter-class></filter>"


def mapped(inner):
    return f"<filter-mapping><filter-name>F</filter-name>{inner}</filter-mapping>"


def test_filters_and_where_they_stand():
    found = web(
        FILTER
        + mapped("<url-pattern>/a/*</url-pattern><url-pattern>*.b</url-pattern>")
        + mapped("<servlet-name>S</servlet-name>")
    )
    assert found.filters == {"F": "a.F"}
    assert found.mappings == (
        _webxml.Mapping("F", ("/a/*", "*.b")),
        _webxml.Mapping("F", (), ("S",)),
    )


def test_servlets_their_parameters_and_their_addresses():
    found = web(
        "<servlet><servlet-name>S</servlet-name><servlet-class> a.S\n</servlet-class>"
        "<init-param><param-name>packages</param-name><param-value>a.b</param-value></init-param>"
        "</servlet><servlet-mapping><servlet-name>S</servlet-name>"
        "<url-pattern>/a/*</url-pattern><url-pattern>/b</url-pattern></servlet-mapping>"
    )
    assert found.servlets == {"S": _webxml.Servlet("a.S", ("a.b",))}
    assert found.addresses == (("S", "/a/*"), ("S", "/b"))


@pytest.mark.parametrize(
    ("inner", "patterns"),
    [
        ("<url-pattern>/a/*</url-pattern><dispatcher>FORWARD</dispatcher>", None),
        ("<url-pattern>/a/*</url-pattern><dispatcher>request</dispatcher>", ("/a/*",)),
        (
            "<dispatcher>ERROR</dispatcher><dispatcher>REQUEST</dispatcher>"
            "<url-pattern>/a/*</url-pattern>",
            ("/a/*",),
        ),
        ("<url-pattern>\n\t/a/* </url-pattern>", ("/a/*",)),
        ("<url-pattern>/%61/*</url-pattern>", ("/a/*",)),
        ("<url-pattern><![CDATA[/a]]><!-- b -->/*</url-pattern>", ("/a/*",)),
        ("<!-- <url-pattern>/a/*</url-pattern> -->", ()),
    ],
)
def test_as_tomcat_reads_it(inner, patterns):
    """Each measured on the real server."""
    found = web(FILTER + mapped(inner)).mappings
    assert [each.patterns for each in found] == ([] if patterns is None else [patterns])


@pytest.mark.parametrize(
    "text",
    [
        "<session-config>{}</session-config>",
        "<x:y xmlns:x='urn:x'>{}</x:y>",
        "<!-- {} -->",
    ],
)
def test_what_stands_elsewhere_is_nothing(text):
    assert web(text.format(FILTER + mapped("<url-pattern>/*</url-pattern>"))) == _webxml.WebXml()


def test_names_count_as_they_are_written():
    inner = FILTER.replace("<", "<j:").replace("<j:/", "</j:")
    assert web(inner, "web-app xmlns:j='http://java.sun.com/xml/ns/j2ee'").filters == {}
    assert web(FILTER.replace("filter>", "Filter>")).filters == {}
    assert web(FILTER, "Web-App").filters == {}


def test_what_tomcat_joins_with_every_application():
    own = _webxml.WebXml(
        {"F": "a.F"}, (_webxml.Mapping("F", ("/a",)),), {"S": _webxml.Servlet("s")}
    )
    other = _webxml.WebXml(
        {"F": "b.F", "G": "b.G"},
        (_webxml.Mapping("G", ("/b",)),),
        {"S": _webxml.Servlet("t"), "U": _webxml.Servlet("u")},
        (("S", "/c/*"), ("U", "/d/*")),
    )
    both = own.over(other)
    assert both.filters == {"F": "a.F", "G": "b.G"}
    assert [each.name for each in both.mappings] == ["F", "G"]
    assert both.servlets["S"].name == "s"
    assert both.addresses == (("U", "/d/*"),)


def refused(read, data):
    with pytest.raises(_xml.XmlError) as caught:
        read(data)
    return str(caught.value)


@pytest.mark.parametrize("read", [parse, diverted])
def test_files_that_are_not_read(read):
    assert "is not well-formed XML" in refused(read, b"<web-app>")
    assert "is not well-formed XML" in refused(read, b"")
    assert "is not well-formed XML" in refused(read, b'<?xml version="1.0" encoding="nix"?><a/>')
    assert "is not well-formed XML" in refused(read, b'<?xml version="1.0" encoding="hex"?><a/>')
    assert "document type" in refused(read, b'<!DOCTYPE web-app [<!ENTITY p "/*">]><web-app/>')
    assert "document type" in refused(read, b'<!DOCTYPE web-app SYSTEM "x.dtd"><web-app/>')
    assert "more than 50 elements in one another" in refused(read, b"<a>" * 60)
    assert "more than 20000 elements" in refused(read, b"<a>" + b"<b/>" * 30_000 + b"</a>")


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" * 300_000,
        b"<web-app>" + b"<filter/>" * 100_000,
        b"<web-app>" + b"<!-- a" * 150_000,
        b"<web-app " + b" ".join(b"a%d='1'" % number for number in range(80_000)) + b"/>",
        b"<web-app><filter><filter-name>" + b"&#65;" * 200_000,
        b"<web-app><filter><filter-name>" + b"<![CDATA[a]]>" * 70_000,
    ],
    ids=range(6),
)
def test_a_file_made_to_keep_the_reader_busy(data):
    assert len(data) < 1 << 20
    begin = time.process_time()
    with contextlib.suppress(_xml.XmlError):
        parse(data)
    assert time.process_time() - begin < 2


OVER = "lays other files over WEB-INF (PreResources)"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('<Context altDDName="/tmp/other.xml"/>', "names another web.xml (altDDName)"),
        ('<Context altDDName=""/>', ""),
        ('<Context><Resources allowLinking="true" className="x"/></Context>', ""),
        ('<x><Context altDDName="/tmp/other.xml"/></x>', ""),
    ],
)
def test_what_has_tomcat_read_another_file(text, why):
    assert diverted(text.encode()) == why


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        ('<PreResources webAppMount="/WEB-INF"/>', OVER),
        ('<PreResources webAppMount="/WEB-INF/web.xml"/>', OVER),
        ('<PreResources webAppMount="/"/>', OVER),
        ("<PreResources/>", OVER),
        ('<PreResources webAppMount="/streams"/>', ""),
        ('<PreResources webAppMount="/WEB-INFO"/>', ""),
        ('<PostResources webAppMount="/"/>', ""),
    ],
)
def test_what_has_tomcat_see_other_files(resources, why):
    assert diverted(f"<Context><Resources>{resources}</Resources></Context>".encode()) == why
