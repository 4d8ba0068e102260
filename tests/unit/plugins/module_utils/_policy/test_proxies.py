"""The operator's list of proxies, with this host, and without everybody."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._host import files as _files
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import proxies as _proxies


def test_this_host_is_always_trusted():
    assert _proxies.compile_proxies([]) == "127.0.0.1,::1"
    assert _proxies.compile_proxies(["10.1.0.0/16", ["192.0.2.7"]]) == (
        "10.1.0.0/16,127.0.0.1,192.0.2.7,::1"
    )


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (["any"], "name the proxies"),
        (["any_ipv6"], "name the proxies"),
        (["10.0.0.1/8"], "host bits"),
        (["lb.example.org"], "host name"),
        ([""], "empty"),
        ([3], "not a text"),
    ],
)
def test_refused_lists(entries, said):
    with pytest.raises(_cidr.CidrError) as caught:
        _proxies.compile_proxies(entries)
    assert said in caught.value.faults[0]


def test_the_widest_prefix_holds_for_proxies_too():
    with pytest.raises(_cidr.CidrError):
        _proxies.compile_proxies(["10.0.0.0/7"], {"ipv4": 8, "ipv6": 8})


# --- of a policy ---

VALVE = b'<bean class="org.apache.catalina.valves.RemoteIpValve" />'
BEANS = b'<beans xmlns="http://www.springframework.org/schema/beans">' + VALVE + b"</beans>"


def container(data=BEANS):
    return {"container": _files.PlainFile("/ams/conf/jee-container.xml", data)}


def test_trusted_proxies(compile_):
    assert compile_(container()).proxies is None
    assert compile_(container(), trusted_proxies=[]).proxies.startswith(r"127\.0\.0\.1|")
    wanted = compile_(container(), trusted_proxies=["10.0.0.5", ["10.0.0.6"]])
    assert wanted.proxies.startswith(r"10\.0\.0\.5|10\.0\.0\.6|127\.0\.0\.1|")
    assert wanted.server == {}


@pytest.mark.parametrize(
    ("on", "entries", "said"),
    [
        ({}, [], "this host has no conf/jee-container.xml; leave the variable out"),
        (container(b"<a/>"), [], "/ams/conf/jee-container.xml has no RemoteIpValve: put back"),
        (container(), ["10.0.0.1/8"], "'10.0.0.1/8' has host bits set"),
        (container(), "any", "'0.0.0.0/0' would let every client name any address"),
        (container(), ["10.0.0.0/7"], "is wider than the widest"),
    ],
)
def test_trusted_proxies_that_cannot_be(faults, on, entries, said):
    found = faults(on=on, trusted_proxies=entries, widest_prefix={"ipv4": 8, "ipv6": 8})
    assert found[0].startswith("antmedia_trusted_proxies: ")
    assert said in found[0]
