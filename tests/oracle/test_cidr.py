"""The CIDR compiler against the classes with which the real server reads its lists.

A fifth of ORACLE_DOCUMENTS is the number of generated lists, and of generated values of any form;
ORACLE_SEED makes other ones.
"""

from __future__ import annotations

import ipaddress
import os
from typing import NamedTuple

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from hypothesis import given, seed, settings, strategies as st

pytestmark = pytest.mark.oracle

LISTS = int(os.environ.get("ORACLE_DOCUMENTS", "5000")) // 5
SEED = int(os.environ.get("ORACLE_SEED", "0"))
ROUND = 1000
# As in the server's unit file; and no name is ever asked of a name server.
OPTIONS = ("-Djava.net.preferIPv4Stack=true", "-Djdk.net.hosts.file={0}")

PROBES = (
    *("127.0.0.1", "127.0.0.2", "10.0.0.1", "10.1.2.3", "0.0.0.10", "192.0.2.7", "255.255.255.255"),
    *("::1", "2001:db8::1", "fe80::1", "::a00:1", "::ffff:10.0.0.1", "0.0.0.0", "::"),
)


class Answer(NamedTuple):
    taken: int
    refused: int
    by_dashboard: int
    by_app: int
    lets_in: list


class Oracle:
    def __init__(self, jvm, tally):
        self._jvm = jvm
        self._tally = tally

    def ask(self, value, addresses):
        self._jvm.ask([value.encode(), " ".join(addresses).encode()])
        numbers = [self._jvm.read_int() for _number in range(4)]
        return Answer(*numbers, [tuple(self._jvm.read(3)) for _address in addresses])

    def check_list(self, networks, entries=None):
        """A list is compiled: nothing is dropped, and in come those it names and no others."""
        value = _cidr.compile_cidrs(entries or [_as_entry(network) for network in networks])
        addresses = [*PROBES, *_borders(networks)]
        answer = self.ask(value, addresses)
        assert answer.refused == 0
        assert answer.taken == answer.by_dashboard == answer.by_app == len(value.split(","))
        for address, lets_in in zip(addresses, answer.lets_in):
            wanted = _inside(address, networks)
            assert lets_in == (wanted,) * 3, address
            assert _cidr.contains(value, address) is wanted, address
        self._tally["lists compiled, read whole by the server"] += 1
        self._tally["addresses judged alike"] += len(addresses)

    def check_value(self, value):
        """Any value: `contains` says what the server says."""
        addresses = [*PROBES, *_borders(_cidr.networks_of(value))]
        answer = self.ask(value, addresses)
        assert answer.taken == answer.by_dashboard == answer.by_app
        for address, lets_in in zip(addresses, answer.lets_in):
            assert lets_in == (_cidr.contains(value, address),) * 3, address
        self._tally["values of any form understood as by the server"] += 1
        self._tally["addresses judged alike"] += len(addresses)


def _as_entry(network):
    return {"0.0.0.0/0": "any_ipv4", "::/0": "any_ipv6"}.get(str(network), str(network))


def _borders(networks):
    """The first and the last address of each block, and those just outside."""
    for network in networks:
        first, last = int(network[0]), int(network[-1])
        for number in (first, last, first - 1, last + 1):
            if 0 <= number < 2**network.max_prefixlen:
                yield str(type(network[0])(number))


def _inside(address, networks):
    parsed = ipaddress.ip_address(address)
    if parsed.version == 6 and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)


@pytest.fixture(scope="session")
def oracle(start_jvm, jars, tally, tmp_path_factory):
    hosts = tmp_path_factory.mktemp("hosts") / "hosts"
    hosts.touch()
    options = [option.format(hosts) for option in OPTIONS]
    return Oracle(start_jvm("CidrOracle", jars=jars, options=options), tally)


# --- hand-picked ---


@pytest.mark.parametrize("address", ["203.170.85.102", "2001:db8:aaaa:5555:cccc:3333:9999:6666"])
def test_every_prefix(oracle, address):
    for prefix in range(ipaddress.ip_address(address).max_prefixlen + 1):
        block = f"{address}/{prefix}"
        oracle.check_list([ipaddress.ip_network(block, strict=False)])


@pytest.mark.parametrize(
    ("word", "blocks"),
    [
        ("any", ["0.0.0.0/0", "::/0"]),
        ("any_ipv4", ["0.0.0.0/0"]),
        ("any_ipv6", ["::/0"]),
    ],
)
def test_words(oracle, word, blocks):
    oracle.check_list([ipaddress.ip_network(block) for block in blocks], [word])


def test_nobody(oracle):
    value = _cidr.compile_cidrs([], deny_all=True)
    answer = oracle.ask(value, PROBES)
    assert answer[:4] == (0, 0, 0, 0)
    assert set(answer.lets_in) == {(False,) * 3}


def test_the_oracle_can_tell_a_dropped_entry(oracle):
    """What the tests above rely on."""
    assert oracle.ask("10.0.0.0/8,127.0.0.1", ["10.0.0.1"]) == (2, 0, 2, 2, [(True,) * 3])
    assert oracle.ask("10.0.0.0/8 ,bogus/1", ["10.0.0.1"]) == (1, 1, 1, 1, [(True,) * 3])
    assert oracle.ask("10.0.0.0/8 ", ["10.0.0.1"]) == (0, 1, 0, 0, [(False,) * 3])


ANY_FORM = (
    *("", ",", ",,", " ", " , ", ",10.0.0.1", "10.0.0.1,", "10.0.0.1,,::1", "10.0.0.1, ,::1"),
    *("10.0.0.1,\n::1", "10.0.0.1\t\v\f,\r::1", "10.0.0.1\x1c,::1", "10.0.0.1\xa0,::1"),
    *(" 10.0.0.1", "10.0.0.1 ", "10.0.0.0/8 192.168.0.0/16", "10.0.0.0/8;80", ";", "10.0.0.1;"),
    *(
        '"10.0.0.1"',
        "'10.0.0.1'",
        "*",
        "all",
        "any",
        "localhost",
        "[::1]",
        "[10.0.0.1]",
        "[",
        "[]",
    ),
    *("10", "10.1", "10.1.2", "010.0.0.1", "10.0.0.01", "00000000000000010", "000000000000010"),
    *("0x7f.1", "0x7f000001", "256.0.0.1", "1.2.3.256", "1.2.65535", "1.2.65536", "1.16777215"),
    *("1.16777216", "4294967295", "4294967296", "1.2.3.4.5", "1.2.3.4.", ".1", "1..2", "."),
    *("10.0.0.0/8/8", "10.0.0.0/", "/8", "/", "10.0.0.0/+8", "10.0.0.0/-0", "10.0.0.0/-1"),
    *("10.0.0.0/08", "10.0.0.0/33", "10.0.0.0/ 8", "10.0.0.0 /8", "10.0.0.0/255.0.0.0"),
    *("10.0.0.0/99999999999", "10.0.0.0/4294967304", "10.0.0.0/0x8", "10.20.30.40/24"),
    *(
        "::/0",
        "::",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
    ),
    *(
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4::5:6:7:8",
        "00001::",
        "0000a:b::/32",
        "10000::",
        "g::",
        "A:B::c",
    ),
    *(
        "::10.0.0.1",
        "::010.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:10.0.0.1/104",
        "::ffff:10.0.0.1/8",
    ),
    *("::ffff:0:0/96", "::ffff:a00:1", "::fffe:ffff:ffff/95", "64:ff9b::10.0.0.1", "::10.1"),
    *("1:2:3:4:5:6:10.0.0.1", "::1.2.3.4.5", "::1.2.3.256", "10.0.0.1::", "::10.0.0.1:1"),
    *(
        "fe80::1%1",
        "fe80::1%eth9",
        "fe80::1%",
        "fe80::%1/64",
        "%1",
        "10.0.0.1%1",
        "::ffff:1.2.3.4%1",
    ),
    *(
        "[fe80::1%1]",
        "[::1]/128",
        "[::1]:80",
        "10.0.0.1:80",
        "::1]",
        "[::1",
        "[[::1]]",
        "fe80::1%1%2",
    ),
)


def test_values_of_any_form(oracle):
    for value in ANY_FORM:
        oracle.check_value(value)


# --- generated ---


@st.composite
def blocks(draw):
    """Blocks that lie near each other, so that they meet, contain and touch."""
    kind = draw(st.sampled_from([ipaddress.IPv4Network, ipaddress.IPv6Network]))
    bits = 32 if kind is ipaddress.IPv4Network else 128
    prefix = draw(st.one_of(st.integers(0, bits), st.integers(bits - 3, bits)))
    near = st.integers(0x0A000000, 0x0A00000F) if bits == 32 else st.integers(1, 16)
    number = draw(st.one_of(st.integers(0, 2**bits - 1), near))
    network = kind((number >> (bits - prefix) << (bits - prefix), prefix))
    mapped = bits == 128 and network[0].ipv4_mapped
    return kind("2001:db8::/32") if mapped or str(network) in ("::/128",) else network


FRAGMENTS = st.sampled_from(
    (
        *(
            "0",
            "1",
            "10",
            "255",
            "256",
            "010",
            "a",
            "ffff",
            "2001",
            "db8",
            ".",
            ".",
            ":",
            "::",
            "/",
        ),
        *(",", ", ", " ,", ",", " ", "\t", "8", "24", "32", "+", "-", "%", "[", "]", ";", "x", "*"),
        *("10.0.0.1", "10.0.0.0/8", "::1", "2001:db8::/32", "::ffff:", "127.0.0.1", "0.0.0.0/0"),
    )
)
VALUE = st.lists(FRAGMENTS, max_size=10).map("".join)


@pytest.mark.parametrize("number", range(-(-LISTS // ROUND)))
def test_generated_lists(oracle, number):
    count = min(ROUND, LISTS - number * ROUND)

    @seed(SEED + number)
    @settings(max_examples=count, deadline=None, database=None)
    @given(st.lists(blocks().filter(lambda n: str(n) != "0.0.0.0/32"), min_size=1, max_size=6))
    def compare(networks):
        oracle.check_list(networks)

    compare()


@pytest.mark.parametrize("number", range(-(-LISTS // ROUND)))
def test_generated_values(oracle, number):
    count = min(ROUND, LISTS - number * ROUND)

    @seed(SEED + number)
    @settings(max_examples=count, deadline=None, database=None)
    @given(VALUE)
    def compare(value):
        oracle.check_value(value)

    compare()
