"""Filters and what wires them, on the real server: it enforces what its files are said to hold."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    wiring as _wiring,
)

from demo.sandbox import READY_WITHIN
from tests.kit import play
from tests.kit.places import ROOT

pytestmark = pytest.mark.sandbox

OTHER = "127.0.0.3"  # an address of this machine that no list names
IP = "io.antmedia.filter.IPFilter"
LOGIN = "io.antmedia.console.rest.AuthenticationFilter"
REST = "rest/v2/version"
MAPPING = re.compile(
    r"<filter-mapping>\s*<filter-name>(?:IPFilter|RestAuthenticationFiler)</filter-name>"
    r".*?</filter-mapping>",
    re.DOTALL,
)
SERVLET = (
    "<servlet-mapping><servlet-name>jersey-serlvet</servlet-name>"
    "<url-pattern>/api/*</url-pattern></servlet-mapping></web-app>"
)


def mapping(old, new):
    """Change where the address filter stands."""

    def change(whole):
        found = MAPPING.search(whole).group()
        assert old in found
        return whole.replace(found, found.replace(old, new))

    return change


def text(old, new):
    return lambda whole: whole.replace(old, new)


def under(prefix):
    """Write the mapping with a prefix, which XML knows how to read and Tomcat does not."""

    def change(whole):
        found = re.sub("<!--.*?-->", "", MAPPING.search(whole).group(), flags=re.DOTALL)
        named = re.sub("<(/?)", rf"<\1{prefix}:", found)
        whole = MAPPING.sub(lambda _found: named, whole)
        return whole.replace("<web-app ", f'<web-app xmlns:{prefix}="urn:x" ', 1)

    return change


# What is done to a web.xml, and what is then open to everybody.
OPEN = {
    "removed": (lambda whole: MAPPING.sub("", whole), REST),
    "narrowed": (mapping("/rest/*", f"/{REST}"), "rest/v2/broadcasts/count"),
    "forwarded": (mapping("</filter-m", "<dispatcher>FORWARD</dispatcher></filter-m"), REST),
    "replaced": (text(f"{IP}<", "io.antmedia.filter.HttpForwardFilter<"), REST),
    "prefixed": (under("j"), REST),
    "elsewhere": (text("</web-app>", SERVLET), "api/v2/version"),
}
# What is done to a web.xml and does not matter.
CLOSED = {
    "shipped": lambda whole: whole,
    "wider": mapping("/rest/*", "/*"),
    "lower": mapping("</filter-m", "<dispatcher>request</dispatcher></filter-m"),
    "pieces": text(f"{IP}<", "\n<![CDATA[io.antmedia.]]>filter<!-- x -->.IPFilter <"),
    "second": mapping("<url-pattern>", "<url-pattern>/x/*</url-pattern><url-pattern>"),
}
# Where the web.xml is as shipped, and another file is read, or a part of one beside it.
DIVERTED = ("named", "laid")
BROUGHT = "brought"
APPS = (*CLOSED, *OPEN, *DIVERTED, BROUGHT)


def lay_out(sandbox):
    """Do all of it to the applications, and take the log-in from the panel."""
    for name, change in [*CLOSED.items(), *((name, each[0]) for name, each in OPEN.items())]:
        path = web_xml(sandbox, name)
        path.write_text(change(path.read_text("latin-1")), "latin-1")
    for name in DIVERTED:
        path = web_xml(sandbox, name)
        other = path.with_name("other.xml")
        other.write_text(MAPPING.sub("", path.read_text("latin-1")), "latin-1")
        context = path.parents[1] / "META-INF" / "context.xml"
        context.parent.mkdir()
        resources = (
            '<Resources><PreResources className="org.apache.catalina.webresources.FileResourceSet"'
            f' base="{other}" webAppMount="/WEB-INF/web.xml"/></Resources>'
        )
        attribute = f'altDDName="{other}"' if name == "named" else ""
        context.write_text(f"<Context {attribute}>{resources * (name == 'laid')}</Context>")
    path = web_xml(sandbox, BROUGHT)
    found = re.search(
        r"<servlet>\s*<servlet-name>jersey-serlvet.*?</servlet>",
        path.read_text("latin-1"),
        re.DOTALL,
    )
    path.with_name("lib").mkdir(exist_ok=True)
    with zipfile.ZipFile(path.with_name("lib") / "more.jar", "w") as archive:
        servlet = (found.group() + SERVLET).replace("jersey-serlvet", "more")
        part = f'<web-fragment version="3.0">{servlet}'.replace("web-app", "web-fragment")
        archive.writestr("META-INF/web-fragment.xml", part)
    panel = web_xml(sandbox, "root")
    shipped = panel.read_text("latin-1")
    gone = re.sub(
        r"<filter-mapping>\s*<filter-name>AuthenticationFilter.*?</filter-mapping>",
        "",
        shipped,
        flags=re.DOTALL,
    )
    assert gone != shipped
    panel.write_text(gone, "latin-1")


def web_xml(sandbox, app):
    return sandbox.home / "webapps" / app / "WEB-INF" / "web.xml"


def wait(sandbox):
    """Wait for the start; an old panel without its log-in has no address that a sandbox asks."""
    deadline = time.monotonic() + READY_WITHIN
    while not sandbox.log.is_file() or not set(APPS) <= set(
        re.findall(r" - (\S+) started$", sandbox.log.read_text("utf-8", "replace"), re.MULTILINE)
    ):
        assert sandbox.pid() and time.monotonic() < deadline
        time.sleep(0.1)
    assert ask(sandbox, "/rest/v2/first-login-status", "127.0.0.1")[0] == 200


@pytest.fixture(scope="module", params=["2.17.1", pytest.param("2.4.3", marks=pytest.mark.long)])
def server(request, sandboxes):
    """A server that runs with all of it."""
    sandbox = sandboxes(apps=list(APPS), version=request.param)
    lay_out(sandbox)
    sandbox.start()
    wait(sandbox)
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def lacks(server):
    """What is said to be wrong with the address filter of an application, or the panel's log-in."""
    found = _wiring.look(_installation.observe(str(server.home)))
    return {
        app: {row.name: why for row, why in wired.lacks.items()} for app, wired in found.items()
    }


def ask(server, path, source=OTHER):
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.http_port, timeout=30, source_address=(source, 0)
    )
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_what_does_not_matter(server, lacks):
    for app in CLOSED:
        assert ask(server, f"/{app}/{REST}")[0] == 403, app
        assert ask(server, f"/{app}/{REST}", "127.0.0.1")[0] == 200, app
        assert lacks[app] == {}


def test_what_leaves_the_rest_api_open(server, lacks):
    for app, (_change, path) in OPEN.items():
        assert ask(server, f"/{app}/{path}")[0] == 200, app
        assert IP in lacks[app], app
    assert lacks["elsewhere"][IP].endswith(f"does not map {IP} to /api/*")


def test_what_an_archive_brings(server, lacks):
    assert ask(server, f"/{BROUGHT}/api/v2/version")[0] == 200
    assert ask(server, f"/{BROUGHT}/{REST}")[0] == 403
    assert lacks[BROUGHT][IP].endswith(f"does not map {IP} to /api/*")


def test_what_has_the_server_read_another_file(server, lacks):
    for app in DIVERTED:
        assert ask(server, f"/{app}/{REST}")[0] == 200, app
        assert "context.xml" in lacks[app][IP]


def test_a_panel_without_its_log_in(server, lacks):
    status, body = ask(server, "/rest/v2/version")
    assert (status, "versionName" in json.loads(body)) == (200, True)
    assert list(lacks[""]) == [LOGIN]


# --- what the collection makes of it ---


def module(server, name, **arguments):
    """The result of a module, as a task would have it."""
    arguments["home"] = str(server.home)
    given = f"streamward.antmedia.{name}", "-a", json.dumps(arguments)
    done = subprocess.run(
        ["ansible", "localhost", "-i", "localhost,", "-c", "local", "--one-line", "-m", *given],
        env=play.environment(
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            ANSIBLE_PYTHON_INTERPRETER=sys.executable,
            ANSIBLE_NOCOLOR="1",
        ),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(re.search(r"=> (\{.*\})$", done.stdout, re.MULTILINE).group(1))


def policy(*apps):
    return {"apps": {app: {"rest_cidrs": ["127.0.0.1"]} for app in apps}}


def test_a_host_whose_filters_are_gone_is_refused_before_the_first_byte(server):
    before = {path: path.read_bytes() for path in server.home.rglob("*.properties")}
    found = module(server, "settings", service_manager="none", **policy(*OPEN, *CLOSED))
    named = {re.match("(?:app )?(.*?):", fault).group(1) for fault in found["faults"]}
    assert named == {"the panel", *OPEN}
    removed = next(fault for fault in found["faults"] if fault.startswith("app removed:"))
    assert str(web_xml(server, "removed")) in removed
    assert all(word in removed for word in (IP, "/rest/*", "remoteAllowedCIDR", ".war in "))
    assert {path: path.read_bytes() for path in before} == before


def test_facts_tell_what_is_missing(server):
    found = module(server, "facts")["ansible_facts"]["antmedia"]
    assert [each["filter"] for each in found["server"]["filters"]] == [LOGIN]
    (told,) = found["apps"]["removed"]["filters"]
    assert (told["filter"], told["enforces"]) == (IP, ["remoteAllowedCIDR", "ipFilterEnabled"])
    assert found["apps"]["shipped"]["filters"] == []


def test_verify_sees_the_panel_and_believes_no_half_open_filter(server):
    found = module(server, "probe", **policy("shipped", "removed", "narrowed"))
    outcomes = {(each["app"], each["control"]): each for each in found["controls"]}
    assert outcomes["", "panel-login"]["outcome"] == "not enforced"
    assert outcomes["", "panel-login"]["reason"] == "lets in: no log-in"
    assert outcomes["shipped", "rest-address"]["outcome"] == "enforced"
    assert outcomes["removed", "rest-address"]["outcome"] == "not enforced"
    # The one address that is asked for is closed.
    assert outcomes["narrowed", "rest-address"]["outcome"] == "cannot tell"
    assert "does not map" in outcomes["narrowed", "rest-address"]["reason"]
