from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    servlet as _servlet,
)

KEYS = {"hlsTime", "jwtSecretKey"}
PARAMETER = (
    "<context-param><param-name> hlsTime </param-name><param-value>W</param-value></context-param>"
)
ENTRY = "<env-entry><env-entry-name>hlsTime</env-entry-name></env-entry>"


def app(inside, space=""):
    return f"<web-app{space}>{inside}</web-app>".encode()


def test_a_descriptor():
    found = _servlet.descriptor(
        app(PARAMETER + ENTRY, ' xmlns="http://java.sun.com/xml/ns/javaee"')
    )
    assert found.names == ((_entry.PARAMETER, "hlsTime"), (_entry.NAMING, "hlsTime"))
    assert found.parameters == (("hlsTime", "W"),)


def test_parameters_of_others_are_none():
    inner = PARAMETER.replace("context-param", "init-param")
    assert _servlet.descriptor(app(f"<servlet>{inner}</servlet><!-- {PARAMETER} -->")).names == ()


@pytest.mark.parametrize(
    ("inside", "nothing"),
    [
        ("<context-param><param-name>webAppRootKey</param-name></context-param>", True),
        ("", True),
        (PARAMETER, False),
        (ENTRY, False),
        (f"<!-- {PARAMETER} -->", False),
        (PARAMETER.replace("<", "<j:").replace("<j:/", "</j:"), False),
        (PARAMETER.replace("<param-name>", '<param-name id="x">'), False),
        (PARAMETER.replace("hlsTime", "contextConfigLocation"), False),
        (PARAMETER.replace("hlsTime", "contextClass"), False),
        (PARAMETER.replace("hlsTime", "hls&#84;ime"), False),
        (PARAMETER.replace(" hlsTime ", "<![CDATA[hlsTime]]>"), False),
        (PARAMETER.encode("utf-16").decode("latin-1"), False),
    ],
)
def test_what_need_not_be_read_in_full(inside, nothing):
    data = app("").replace(b"><", b">" + inside.encode("latin-1") + b"<", 1)
    assert _servlet.says_nothing(data, KEYS) is nothing


@pytest.mark.parametrize(
    "data",
    [
        b"<param-name>" + b" " * 500_000,
        b"<param-name>" * 40_000,
        b"<param-name " * 40_000,
        b"<" * 10**6,
    ],
    ids=["blanks", "names", "attributes", "signs"],
)
def test_in_linear_time(data):
    begun = time.process_time()
    _servlet.says_nothing(data, KEYS)
    assert time.process_time() - begun < 2


def test_a_context():
    found = _servlet.context(
        b'<Context><Parameter name="hlsTime" value="1" override="false"/>'
        b'<Environment name="jwtSecretKey" value="2"/><Resource name="gopSize"/>'
        b'<ResourceLink name="hlsListSize" global="x"/></Context>'
    )
    assert found.names == (
        (_entry.PARAMETER, "hlsTime"),
        (_entry.NAMING, "jwtSecretKey"),
        (_entry.NAMING, "gopSize"),
    )
    assert found.mounts == ()


@pytest.mark.parametrize(
    ("kind", "mount", "counts"),
    [
        ("PreResources", 'webAppMount="/"', True),
        ("PreResources", "", True),
        ("PreResources", 'webAppMount="/WEB-INF"', True),
        ("PreResources", 'webAppMount="/WEB-INF/"', True),
        ("PreResources", 'webAppMount="/WEB-INF/red5-web.properties"', True),
        ("PreResources", 'webAppMount="/WEB-INF/classes"', False),
        ("PreResources", 'webAppMount="/WEB-INF/lib/x.jar"', False),
        ("PreResources", 'webAppMount="/streams"', False),
        ("PostResources", 'webAppMount="/"', False),
        ("JarResources", 'webAppMount="/"', False),
    ],
)
def test_what_is_mounted_over_an_application(kind, mount, counts):
    data = f'<Context><Resources><{kind} base="/x" {mount}/></Resources></Context>'
    assert bool(_servlet.context(data.encode()).mounts) is counts
