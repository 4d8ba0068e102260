"""The operator's list of proxies, with this host, and without everybody."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
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
        ([3], "no text"),
    ],
)
def test_refused_lists(entries, said):
    with pytest.raises(_cidr.CidrError) as caught:
        _proxies.compile_proxies(entries)
    assert said in caught.value.faults[0]


def test_the_widest_prefix_holds_for_proxies_too():
    with pytest.raises(_cidr.CidrError):
        _proxies.compile_proxies(["10.0.0.0/7"], {"ipv4": 8, "ipv6": 8})
