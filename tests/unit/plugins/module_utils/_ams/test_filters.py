from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    filters as _filters,
    versions as _versions,
    webxml as _webxml,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    controls as _controls,
)

ERAS = ("2.4.0", "2.4.1", "2.4.3", "2.5.0", "2.6.1", "2.6.2", "2.7.0", "2.12.0", "2.17.1", "3.0.3")
VERSION = (2, 17, 1)
IP, JWT, TOKEN = (
    f"io.antmedia.filter.{name}" for name in ("IPFilter", "JWTFilter", "TokenFilterManager")
)
LOGIN = "io.antmedia.console.rest.AuthenticationFilter"


def row(name, version=VERSION):
    return next(
        each for where in ("panel", "application") for each in _filters.of(where, version)
        if each.name == name
    )  # fmt: skip


@pytest.fixture
def shipped(fake):
    """The web.xml of a version, changed: `shipped(where, (old, new), ...)`."""

    def make(*changes, where="application", version="2.17.1"):
        text = fake.web_xml(where, version)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return _webxml.parse(text.encode())

    return make


def lack(name, web, version=VERSION):
    return _filters.lack(row(name, version), version, web)


@pytest.mark.parametrize("version", ERAS)
@pytest.mark.parametrize("where", ["panel", "application"])
def test_what_is_shipped_lacks_nothing(shipped, version, where):
    number = _versions.parse(version)
    web = shipped(where=where, version=version)
    for each in _filters.of(where, number):
        assert bool(_filters.lack(each, number, web)) is not each.shipped_in(number), each.name


def test_settings_and_proofs_that_the_table_names_exist():
    proofs = {control.NAME for control in _controls.CONTROLS}
    for each in _filters.FILTERS:
        kind = _catalogue.APP if each.where == _filters.APP else _catalogue.SERVER
        for name in (*each.enforces, *filter(None, [each.switch])):
            assert _catalogue.by_name(kind, name)
        assert set(each.controls) <= proofs


def test_a_version_has_one_row_for_a_class():
    for version in map(_versions.parse, ERAS):
        for where in ("panel", "application"):
            names = [each.name for each in _filters.of(where, version)]
            assert len(names) == len(set(names))


def test_a_filter_that_is_not_there(shipped):
    assert lack(IP, shipped((IP, "com.example.Mine"))) == f"has no filter {IP}"


def test_its_name_does_not_matter(shipped):
    assert lack(IP, shipped((">IPFilter<", ">RestAuthenticationFiler<"))) == ""


@pytest.mark.parametrize(
    ("old", "new", "open_"),
    [
        ("<url-pattern>/rest/*</url-pattern>", "", "/rest/*"),
        ("/rest/*", "/rest/v2/*", "/rest/*"),
        ("/rest/*", "/rest", "/rest/*"),
        ("/rest/*", "/REST/*", "/rest/*"),
        ("/rest/*", "rest/*", "/rest/*"),
        ("/rest/*", "/", "/rest/*"),
        ("/rest/*", "*.json", "/rest/*"),
        ("/rest/*", "/*", ""),
        ("/hls-upload/*", "/hls/*", "/hls-upload/*"),
    ],
)
def test_its_addresses(shipped, old, new, open_):
    text = f"does not map {IP} to {open_}" if open_ else ""
    assert lack(IP, shipped((old, new))) == text


def test_several_mappings_are_as_good_as_one(shipped):
    two = "<url-pattern>/rest/*</url-pattern></filter-mapping><filter-mapping>"
    two += "<filter-name>IPFilter</filter-name>"
    assert lack(IP, shipped(("<url-pattern>/rest/*</url-pattern>", two))) == ""


def test_a_mapping_for_forwarded_requests_alone(shipped):
    end = "<dispatcher>FORWARD</dispatcher></filter-mapping>"
    web = shipped(("</filter-mapping>", end))
    assert lack(JWT, web) == f"does not map {JWT} to /rest/*"


REST = (
    "<servlet><servlet-name>rest</servlet-name>"
    "<servlet-class>org.glassfish.jersey.servlet.ServletContainer</servlet-class>"
    "<init-param><param-value>{}</param-value></init-param></servlet>"
    "<servlet-mapping><servlet-name>rest</servlet-name><url-pattern>{}</url-pattern>"
    "</servlet-mapping></web-app>"
)


@pytest.mark.parametrize(
    ("packages", "address", "open_"),
    [
        ("io.antmedia.rest", "/rest/*", ""),
        ("io.antmedia.rest", "/api/*", "/api/*"),
        ("x.y; io.antmedia", "/api/*", "/api/*"),
        ("io.antmedia.rest.BroadcastRestService", "/api/*", "/api/*"),
        ("io.antmedia.rest", "/", "/*"),
        ("io.antmedia.rest", "/rest/more/*", ""),
        ("io.antmedia.restful", "/api/*", ""),
        ("io.antmedia.whip", "/whip/*", ""),
    ],
)
def test_the_rest_api_at_another_address(shipped, packages, address, open_):
    web = shipped(("</web-app>", REST.format(packages, address)))
    for name in (IP, JWT):
        assert lack(name, web) == (f"does not map {name} to {open_}" if open_ else "")


def test_a_servlet_that_only_tells_of_the_rest_api(shipped):
    """As the one for OpenAPI does, whose parameter names the same package."""
    text = REST.format("io.antmedia.rest", "/openapi/*")
    text = text.replace("org.glassfish.jersey.servlet.ServletContainer", "io.swagger.OpenApi")
    assert lack(IP, shipped(("</web-app>", text))) == ""


def test_the_management_at_another_address(shipped):
    text = REST.format("io.antmedia.console.rest", "/manage/*")
    web = shipped(("</web-app>", text), where="panel")
    assert lack(LOGIN, web) == f"does not map {LOGIN} to /manage/*"
    assert lack("io.antmedia.filter.IPFilterDashboard", web) == ""


@pytest.mark.parametrize(
    ("servlet", "more", "open_"),
    [
        ("rest", "", ""),
        ("*", "", ""),
        ("other", "", "/rest/*"),
        # What another servlet serves below that address is not covered.
        ("rest", "/rest/request/*", "/rest/*"),
        # An ending counts for less than the address above it.
        ("rest", "*.mpd", ""),
    ],
)
def test_by_the_servlets_it_stands_before(shipped, servlet, more, open_):
    old = f"<filter-name>JWTFilter</filter-name>{pattern('/rest/*')}</filter-mapping>"
    new = f"<filter-name>JWTFilter</filter-name><servlet-name>{servlet}</servlet-name>"
    text = REST.format("io.antmedia.rest", "/rest/*")
    if more:
        named = f"<servlet-name>proxy</servlet-name>{pattern(more)}"
        text = f"<servlet-mapping>{named}</servlet-mapping>{text}"
    web = shipped((old, new + "</filter-mapping>"), ("</web-app>", text))
    assert lack(JWT, web) == (f"does not map {JWT} to {open_}" if open_ else "")


def pattern(text):
    return f"<url-pattern>{text}</url-pattern>"


FORWARD = "io.antmedia.filter.HttpForwardFilter"
FORWARDING = (
    f"<filter><filter-name>H</filter-name><filter-class>{FORWARD}</filter-class></filter>"
    "<filter-mapping><filter-name>H</filter-name>{}</filter-mapping>"
)


@pytest.mark.parametrize(
    ("where", "address", "late"),
    [
        ("before", "/streams/*", True),
        ("before", "/*", True),
        ("before", "*.mp4", True),
        ("before", "/other/*", False),
        ("behind", "/streams/*", False),
    ],
)
def test_order_where_it_matters(shipped, where, address, late):
    text = FORWARDING.format(pattern(address))
    place = '<web-app version="3.0">' if where == "before" else "</web-app>"
    web = shipped((place, place + text if where == "before" else text + place))
    wanted = f"maps {TOKEN} after {FORWARD}, which answers itself" if late else ""
    assert lack(TOKEN, web) == wanted
    assert lack(IP, web) == ""


def test_filters_of_others_may_come_and_go(shipped):
    text = FORWARDING.replace(FORWARD, "com.example.Cors").format(pattern("/*"))
    place = '<web-app version="3.0">'
    web = shipped((place, place + text))
    assert not any(lack(each.name, web) for each in _filters.of("application", VERSION))


def test_a_web_xml_of_an_older_version_lacks_what_is_new(shipped):
    old = shipped(version="2.6.1")
    assert lack(IP, old) == f"does not map {IP} to /hls-upload/*"
    assert lack(TOKEN, shipped(version="2.4.0")) == f"does not map {TOKEN} to /streams/*"
