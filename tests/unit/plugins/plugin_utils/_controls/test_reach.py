from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import pattern as _pattern
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    proxies as _proxies,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import reach as _reach
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    CannotTell,
)

from tests.kit import judged


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", " LocalHost ", "[::1]"])
def test_what_is_of_the_host_itself(host):
    assert _reach.is_local(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "10.0.0.1", "localhost.example.net", "x"])
def test_what_is_not(host):
    assert not _reach.is_local(host)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://hook.example.net/x", "hook.example.net"),
        (" HTTP://192.0.2.1:80", "192.0.2.1"),
        ("http://jane:secret@hook.example.net", "hook.example.net"),
        ("http://[2001:db8::1]:8080/", "2001:db8::1"),
        ("http://[broken", "somewhere"),
        ("http://127.0.0.1:9", ""),
        ("http://[::1]/", ""),
        ("https://hook.example.net", ""),
        ("", ""),
        ("hook.example.net", ""),
    ],
)
def test_who_is_asked_in_the_clear(url, host):
    assert _reach.plain_host(url) == host


def test_the_same_with_tls():
    assert _reach.secured(" HTTP://a.example/x?y") == "https://a.example/x?y"


def listens(*rows):
    return judged.evidence(facts={"evidence": {"listens": list(rows)}})


def row(address="0.0.0.0", port=443, server=False):
    return {"address": address, "port": port, "server": server}


def test_what_listens():
    host = listens(row(), row("::1", 80, None), row("::ffff:10.0.0.1", 1, True))
    assert list(_reach.listening(host)) == [
        (443, True, False),
        (80, False, None),
        (1, True, True),
    ]
    with pytest.raises(CannotTell):
        list(_reach.listening(listens(row(address="everywhere"))))


@pytest.mark.parametrize(
    ("found", "here"),
    [
        (row(), True),
        (row("::", 80), True),
        (row("127.0.0.1"), False),
        (row(port=8443), False),
        (row(server=True), False),
        (row(server=None), False),
    ],
)
def test_a_front_on_this_host(found, here):
    assert _reach.front_here(listens(found)) is here


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        (None, False),
        ("", False),
        (r"127\.0\.0\.1", False),
        (_pattern.of(_proxies.compile_proxies([])), False),
        (_pattern.of(_proxies.compile_proxies(["10.0.0.5"])), True),
        (r"10\.0\.0\.5", True),
    ],
)
def test_proxies_that_are_named(expression, named):
    host = judged.evidence(facts={"proxies": {"internalProxies": expression}})
    assert _reach.proxies_named(host) is named


@pytest.mark.parametrize(
    ("text", "port"), [("8080", 8080), (" 8080 ", 8080), ("x", 5080), ("", 5080), ("1" * 9, 5080)]
)
def test_a_port_of_the_servers_file(audited_host, text, port):
    audited_host.server({"http.port": text})
    assert _reach.port(audited_host.evidence().server, "http.port", 5080) == port
