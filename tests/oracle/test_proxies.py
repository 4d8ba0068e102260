"""The expression for trusted proxies against Tomcat's own valve, the oldest and the newest in use.

A twenty-fifth of ORACLE_DOCUMENTS is the number of generated lists; ORACLE_SEED makes other ones.
"""

from __future__ import annotations

import ipaddress
import os
import zipfile
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    cidr as _cidr,
    pattern as _pattern,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import proxies as _proxies
from hypothesis import given, seed, settings, strategies as st

pytestmark = pytest.mark.oracle

LISTS = int(os.environ.get("ORACLE_DOCUMENTS", "5000")) // 25
SEED = int(os.environ.get("ORACLE_SEED", "0"))
CLIENT = "203.0.113.77"  # outside of every list below
TOMCATS = {"2.4.3": "8.5", "2.17.1": "10.1"}
OLDEST = "ant-media-server-2.4.3-community.zip"


class Oracle:
    def __init__(self, jvm, tally, name):
        self._jvm, self._tally, self._name = jvm, tally, name

    def ask(self, expression, questions):
        """Whom the server takes the client for.

        :arg questions: pairs of a peer's address and what it says in X-Forwarded-For.
        :returns: pairs of the peer as Java writes it and the client.
        """
        self._jvm.ask(
            *([text.encode() for text in (expression, *question)] for question in questions)
        )
        answers = [
            tuple(self._jvm.read_part().decode() for _text in range(2)) for _question in questions
        ]
        self._tally[self._name + " clients told"] += len(answers)
        return answers

    def check(self, networks, addresses):
        """Peers of a list are believed, and no others; proxies are left out of a chain."""
        value = _proxies.compile_proxies([[str(network) for network in networks]])
        expression = _pattern.of(value)
        trusted = [_cidr.contains(value, str(address)) for address in addresses]
        peers = [(str(address), CLIENT) for address in addresses]
        for known, (peer, client) in zip(trusted, self.ask(expression, peers)):
            assert client == (CLIENT if known else peer), (value, peer)
        # The peer is this host; what it says was said to it by another proxy, or by a liar.
        chains = [("127.0.0.1", f"198.18.0.1, {CLIENT}, {each}") for each in addresses]
        for known, address, (_peer, client) in zip(
            trusted, addresses, self.ask(expression, chains)
        ):
            assert client == (CLIENT if known else str(address)), (value, str(address))


@pytest.fixture(scope="module", params=TOMCATS)
def oracle(request, distribution, start_jvm, tally, tmp_path_factory):
    archive = distribution if request.param != "2.4.3" else Path(distribution).with_name(OLDEST)
    if not archive.is_file():
        pytest.fail(f"{archive} is missing: `make images` fetches it", pytrace=False)
    folder = tmp_path_factory.mktemp("tomcat")
    with zipfile.ZipFile(archive) as bundle:
        for name in bundle.namelist():
            if "/plugins/tomcat-" in name:
                (folder / name.rpartition("/")[2]).write_bytes(bundle.read(name))
    name = "Tomcat " + TOMCATS[request.param]
    return Oracle(start_jvm("ProxyOracle", jars=folder), tally, name)


def test_the_default_believes_every_private_peer(oracle):
    """What this is all about: without a list, a neighbour can be anybody."""
    default = _default()
    assert oracle.ask(default, [("10.9.9.9", "127.0.0.1")]) == [("10.9.9.9", "127.0.0.1")]
    only = _pattern.of(_proxies.compile_proxies(["192.0.2.7"]))
    assert oracle.ask(only, [("10.9.9.9", "127.0.0.1")]) == [("10.9.9.9", "10.9.9.9")]
    assert oracle.ask(only, [("192.0.2.7", CLIENT)]) == [("192.0.2.7", CLIENT)]


def _default():
    numbers = r"\d{1,3}\.\d{1,3}\.\d{1,3}"
    return rf"10\.{numbers}|127\.{numbers}"


def test_a_client_cannot_lie_through_a_trusted_proxy(oracle):
    expression = _pattern.of(_proxies.compile_proxies(["10.0.0.5", "2001:db8::/32"]))
    chain = f"127.0.0.1, {CLIENT}, 2001:DB8::9"
    assert oracle.ask(expression, [("10.0.0.5", chain)]) == [("10.0.0.5", CLIENT)]


@pytest.mark.parametrize(
    "block",
    [
        *("10.0.0.5/32", "10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/10", "198.51.100.128/25"),
        *("64.0.0.0/2", "192.0.2.254/31", "2001:db8::/32", "2001:db8:0:8000::/49"),
        *("2001:db8::5/128", "fd00::/8", "fe80::/10", "8000::/1", "2001:db8:0:0:1::/80"),
    ],
)
def test_borders_of_blocks(oracle, block):
    network = ipaddress.ip_network(block)
    oracle.check([network], list(_around(network)))


def _around(network):
    """The ends of a block and their neighbours, as far as there are any."""
    family = type(network[0])
    for number in (int(network[0]), int(network[-1])):
        for near in (number - 1, number, number + 1):
            if 0 < near < 1 << network.max_prefixlen:
                address = family(near)
                if address.version == 4 or not address.ipv4_mapped:
                    yield address


@st.composite
def blocks(draw):
    kind, bits = draw(st.sampled_from([(ipaddress.IPv4Network, 32), (ipaddress.IPv6Network, 128)]))
    groups = st.one_of(st.sampled_from((0, 0, 1, 0xFFFF)), st.integers(0, 0xFFFF))
    number = int("".join(f"{draw(groups):04x}" for _each in range(bits // 16)), 16)
    prefix = draw(st.integers(8, bits))
    return kind((number >> (bits - prefix) << (bits - prefix), prefix))


def _usable(block):
    """Whether a list may hold it, and it does not hold what the tests take for a client."""
    try:
        value = _proxies.compile_proxies([str(block)])
    except _cidr.CidrError:
        return False
    return not any(_cidr.contains(value, each) for each in (CLIENT, "198.18.0.1"))


def test_generated_lists(oracle):
    @seed(SEED)
    @settings(max_examples=LISTS, deadline=None, database=None)
    @given(st.lists(blocks().filter(_usable), min_size=1, max_size=4))
    def compare(networks):
        oracle.check(networks, [each for network in networks for each in _around(network)])

    compare()
