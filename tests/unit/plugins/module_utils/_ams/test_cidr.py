from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from hypothesis import given, strategies as st

compile_cidrs = _cidr.compile_cidrs
EVERYBODY = "0.0.0.0/0,::/0"


def faults_of(entries, **options):
    with pytest.raises(_cidr.CidrError) as caught:
        compile_cidrs(entries, **options)
    assert str(caught.value) == "; ".join(caught.value.faults)
    return caught.value.faults


@pytest.mark.parametrize(
    ("entries", "value"),
    [
        ("10.0.0.1", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.0/8"),
        (["10.0.0.1/32", "2001:db8::1/128"], "10.0.0.1,2001:db8::1"),
        ("10.0.0.0/8,127.0.0.1", "10.0.0.0/8,127.0.0.1"),
        (" 10.0.0.0/8 , 127.0.0.1 ", "10.0.0.0/8,127.0.0.1"),
        (("10.0.0.0/8", ["127.0.0.1", [["192.0.2.1"], []]]), "10.0.0.0/8,127.0.0.1,192.0.2.1"),
        # duplicates, blocks inside others, neighbours
        (["10.0.0.1", "10.0.0.1", "10.0.0.1/32"], "10.0.0.1"),
        (["10.1.0.0/16", "10.0.0.0/8", "10.0.0.1"], "10.0.0.0/8"),
        (["10.0.0.0/9", "10.128.0.0/9"], "10.0.0.0/8"),
        (["10.0.0.2", "10.0.0.3"], "10.0.0.2/31"),
        (["10.0.0.1", "10.0.0.2"], "10.0.0.1,10.0.0.2"),
        # order: IPv4 before IPv6, by number and not by text
        (
            ["::1", "100.0.0.1", "2001:db8::/32", "20.0.0.1", "9.0.0.0/8"],
            "9.0.0.0/8,20.0.0.1,100.0.0.1,::1,2001:db8::/32",
        ),
        # one spelling of IPv6
        (["2001:0DB8:0:0::00A1"], "2001:db8::a1"),
        (["64:ff9b::192.0.2.1"], "64:ff9b::c000:201"),
        # everybody
        ("any", EVERYBODY),
        (["0.0.0.0/0", "::/0"], EVERYBODY),
        (["::0/0", "0.0.0.0/0", "10.0.0.1"], EVERYBODY),
        (["any", "10.0.0.0/8", "0.0.0.0/0"], EVERYBODY),
        ("any_ipv4", "0.0.0.0/0"),
        ("any_ipv6", "::/0"),
        (["any_ipv4", "2001:db8::/32"], "0.0.0.0/0,2001:db8::/32"),
        (["any_ipv4", "0.0.0.0/0"], "0.0.0.0/0"),
        (["any_ipv4", "any_ipv6"], EVERYBODY),
        (["any_ipv4", "::/0"], EVERYBODY),
    ],
)
def test_compiles(entries, value):
    assert compile_cidrs(entries) == value


@pytest.mark.parametrize(
    ("entry", "reason", "remedy"),
    [
        ("10.20.30.40/24", "host bits", "write 10.20.30.0/24 for the block, or 10.20.30.40 for"),
        ("2001:db8::1/32", "host bits", "write 2001:db8::/32 for the block, or 2001:db8::1 for"),
        ("localhost", "host name", "addresses"),
        ("a-b.example", "host name", "addresses"),
        ("media.example/24", "host name", "addresses"),
        ("beef", "host name", "addresses"),
        ("10", "not a full IPv4", "write 0.0.0.10"),
        ("10.1", "not a full IPv4", "write 10.0.0.1"),
        ("10.1.2", "not a full IPv4", "write 10.1.0.2"),
        ("10.0.0/24", "not a full IPv4", "write 10.0.0.0"),
        ("010.0.0.1", "not a full IPv4", "write 10.0.0.1"),
        ("10.0.0.01/32", "not a full IPv4", "write 10.0.0.1"),
        ("256.0.0.1", "not a full IPv4", "write four numbers from 0 to 255"),
        ("0x7f.1", "not a full IPv4", "write four numbers from 0 to 255"),
        ("4294967296", "not a full IPv4", "write four numbers from 0 to 255"),
        ("10.0.0.1-10.0.0.4", "range", "write 10.0.0.1 and 10.0.0.2/31 and 10.0.0.4"),
        ("10.0.0.0 - 10.0.0.255", "range", "write 10.0.0.0/24"),
        ("2001:db8::-2001:db8::1", "range", "write 2001:db8::/127"),
        ("10.0.0.1..10.0.0.254", "range", "the blocks it is made of"),
        ("10.0.0.9-10.0.0.1", "range", "the blocks it is made of"),
        ("10.0.0.1-9", "range", "the blocks it is made of"),
        ("10.0.0.1-::1", "range", "the blocks it is made of"),
        ("fe80::1%eth0", "zone", "write fe80::1"),
        ("fe80::%1/64", "zone", "write fe80::/64"),
        ("10.0.0.1 10.0.0.2", "blank", "commas"),
        ("10.0.0.0/8\n192.0.2.1", "blank", "commas"),
        ("10.0.0.0 /8", "blank", "commas"),
        ("10.0.0.1\u00a0x", "blank", "commas"),
        ("10.0.0.0/255.0.0.0", "netmask", "write 10.0.0.0/8"),
        ("10.1.0.0/255.0.0.0", "netmask", "write 10.0.0.0/8"),
        ("10.0.0.0/0.0.0.255", "netmask", "write 10.0.0.0/24"),
        ("10.0.0.0/255.0.255.0", "number from 0 to 32", ""),
        ("2001:db8::/255.0.0.0", "number from 0 to 128", ""),
        ("10.0.0.0/33", "number from 0 to 32", ""),
        ("10.0.0.0/-1", "number from 0 to 32", ""),
        ("10.0.0.0/+8", "number from 0 to 32", ""),
        ("10.0.0.0/08", "plain number from 0 to 32", ""),
        ("10.0.0.0/", "number from 0 to 32", ""),
        ("10.0.0.0/8/8", "number from 0 to 32", ""),
        ("::/129", "number from 0 to 128", ""),
        ("10.0.0.0/8;192.0.2.1", "semicolon", "commas"),
        ("10.0.0.1;8080", "semicolon", "commas"),
        ("10.0.0.0/x", "number from 0 to 32", ""),
        ("10.0.0.0/8:5080", "port", "write 10.0.0.0"),
        ("10.0.0.0/8&", "neither", "10.0.0.0/8"),
        ("::ffff:10.0.0.1", "form of IPv6", "write 10.0.0.1"),
        ("::ffff:a00:1/128", "form of IPv6", "write 10.0.0.1"),
        ("::ffff:10.1.0.0/104", "form of IPv6", "write 10.0.0.0/8"),
        ("::ffff:10.0.0.1/64", "form of IPv6", "write 10.0.0.1"),
        ("0.0.0.0", "nobody", "any"),
        ("::/128", "nobody", "any"),
        ("10.0.0.*", "wildcard", "write 10.0.0.0/24"),
        ("10.*", "wildcard", "write 10.0.0.0/8"),
        ("192.168.*.*", "wildcard", "write 192.168.0.0/16"),
        ("300.*", "wildcard", "write a block"),
        ("*", "not a word", "write any"),
        ("all", "not a word", "write any"),
        ("Everybody", "not a word", "write any"),
        ("ANY", "not a word", "write any"),
        ("any4", "not a word", "any_ipv4"),
        ("[::1]", "brackets", "take them out"),
        ("[::1]:5080", "brackets", "take them out"),
        ("10.0.0.1:5080", "port", "write 10.0.0.1"),
        ('"10.0.0.1"', "quote", "take it out"),
        ("'10.0.0.1'", "quote", "take it out"),
        ("http://10.0.0.1/", "URL", "address alone"),
        ("0.0.0.0/0", "no IPv6 address", "write any for everybody, or any_ipv4"),
        ("::/0", "no IPv4 address", "write any for everybody, or any_ipv6"),
        ("1.2.3.4.5", "neither", "10.0.0.0/8"),
        ("2001:db8::g", "neither", "10.0.0.0/8"),
        ("64:ff9b::010.0.0.1", "neither", "10.0.0.0/8"),
        ("2001:db8:::", "neither", "10.0.0.0/8"),
        ("!", "neither", "10.0.0.0/8"),
    ],
)
def test_a_fault_names_entry_reason_and_remedy(entry, reason, remedy):
    (fault,) = faults_of([["192.0.2.7"], [entry]])
    assert fault.startswith(f"'{entry}' ")
    assert reason in fault
    assert remedy in fault


@pytest.mark.parametrize(
    ("entry", "shown"),
    [(10, "10 "), (10.1, "10.1 "), (None, "null "), (True, "true "), ({"a": {1}}, '{"a": "{1}"} ')],
)
def test_an_entry_that_is_no_text(entry, shown):
    (fault,) = faults_of([entry])
    assert fault.startswith(shown)
    assert "in quotes" in fault


@pytest.mark.parametrize("entries", ["", [""], [",10.0.0.1"], "10.0.0.1,,10.0.0.2", "10.0.0.1, "])
def test_an_empty_entry_would_be_loopback(entries):
    (fault,) = faults_of(entries, deny_all=True)
    assert "empty" in fault
    assert "127.0.0.1" in fault


def test_every_fault_is_collected_once_and_in_order():
    faults = faults_of(
        ["10.0.0.1/8", ["localhost", 7], "0.0.0.0/0", "10.0.0.1/8", "1.0.0.0/7"],
        widest={"ipv4": 0},
    )
    assert [fault.split()[0] for fault in faults] == [
        "'10.0.0.1/8'",
        "'localhost'",
        "7",
        "'1.0.0.0/7'",
        "'0.0.0.0/0'",
    ]


@pytest.mark.parametrize("entries", [[], (), [[], [[]]]])
def test_an_empty_list_needs_deny_all(entries):
    for keep_loopback in (False, True):
        (fault,) = faults_of(entries, keep_loopback=keep_loopback)
        assert "deny everybody" in fault
        assert "deny_all" in fault
    assert compile_cidrs(entries, deny_all=True) == ""
    assert compile_cidrs(entries, deny_all=True, keep_loopback=True) == "127.0.0.1"
    assert not _cidr.contains("", "127.0.0.1")


def test_deny_all_does_not_weaken_a_list():
    assert compile_cidrs(["10.0.0.1"], deny_all=True) == "10.0.0.1"


@pytest.mark.parametrize(
    ("entries", "value"),
    [
        (["10.0.0.1"], "10.0.0.1,127.0.0.1"),
        (["192.0.2.1", "::1"], "127.0.0.1,192.0.2.1,::1"),
        (["127.0.0.1"], "127.0.0.1"),
        (["127.0.0.0/8"], "127.0.0.0/8"),
        (["127.0.0.0"], "127.0.0.0/31"),
        ("any", EVERYBODY),
        ("any_ipv6", "127.0.0.1,::/0"),
    ],
)
def test_keep_loopback(entries, value):
    assert compile_cidrs(entries, keep_loopback=True) == value


def test_widest():
    widest = {"ipv4": 8, "ipv6": 32}
    assert compile_cidrs(["10.0.0.0/8", "2001:db8::/32"], widest=widest) == (
        "10.0.0.0/8,2001:db8::/32"
    )
    # What was written counts, not what it collapses to.
    assert compile_cidrs(["10.0.0.0/8", "11.0.0.0/8"], widest=widest) == "10.0.0.0/7"
    assert compile_cidrs(["10.0.0.0/7", "2001:db8::/32"], widest={"ipv6": 32}) == (
        "10.0.0.0/7,2001:db8::/32"
    )
    assert compile_cidrs("any", widest=widest) == EVERYBODY
    assert compile_cidrs("any_ipv6", widest=widest) == "::/0"
    for entry, family, least in [
        ("10.0.0.0/7", "IPv4", "/8"),
        ("2001::/31", "IPv6", "/32"),
        ("0.0.0.0/0", "IPv4", "/8"),
    ]:
        (fault,) = faults_of(entry, widest=widest)
        assert fault.startswith(f"'{entry}' is wider than the widest {family} prefix")
        assert f"which is {least}:" in fault


# --- what the server sees (tests/oracle compares with the real one) ---


@pytest.mark.parametrize(
    ("value", "networks"),
    [
        ("", []),
        ("10.0.0.0/8,127.0.0.1", ["10.0.0.0/8", "127.0.0.1/32"]),
        ("10.0.0.0/8 , 127.0.0.1", ["10.0.0.0/8", "127.0.0.1/32"]),
        ("10.0.0.0/8,\n192.168.0.0/16", ["10.0.0.0/8", "192.168.0.0/16"]),
        ("10.20.30.40/24", ["10.20.30.0/24"]),
        ("10.0.0.0/+8,11.0.0.0/08,12.0.0.1/-0", ["0.0.0.0/0"]),
        ("::1,2001:DB8::/32", ["::1/128", "2001:db8::/32"]),
        ("::ffff:10.0.0.1", ["10.0.0.1/32"]),
        ("[::1],fe80::1%2,0002::00003", ["::1/128", "2::3/128", "fe80::1/128"]),
        # dropped without a word
        (" 10.0.0.0/8", []),
        ("10.0.0.0/8 ", []),
        ("10.0.0.0/8 192.168.0.0/16", []),
        ("10.0.0.0/8;192.168.0.0/16", []),
        ('"10.0.0.0/8"', []),
        ("10.0.0.0/255.0.0.0,10.0.0.0/33,10.0.0.0/-1,10.0.0.0/,::/129,::/x", []),
        ("bogus,bogus/8,[10.0.0.1],::1%lo,:,::ffff:10.0.0.1%1", []),
        ("10.0.0.1/8/8,1.2.3.4.5,1..2,256.0.0.1,1.2.65536,.1,4294967296", []),
        # an empty entry is loopback, but not at the end
        (",10.0.0.0/8", ["10.0.0.0/8", "127.0.0.1/32"]),
        ("10.0.0.0/8,,::1", ["10.0.0.0/8", "127.0.0.1/32", "::1/128"]),
        ("10.0.0.0/8, ,", ["10.0.0.0/8"]),
        (",,", []),
        ("/8,10.0.0.1", ["10.0.0.1/32", "127.0.0.0/8"]),
        ("LocalHost", ["127.0.0.1/32"]),
        # legacy forms
        ("10", ["0.0.0.10/32"]),
        ("10.1", ["10.0.0.1/32"]),
        ("10.1.2/16", ["10.1.0.0/16"]),
        ("010.0.0.1,1.65535", ["1.0.255.255/32", "10.0.0.1/32"]),
    ],
)
def test_networks_of_what_the_server_would_parse(value, networks):
    assert [str(network) for network in _cidr.networks_of(value)] == networks


@pytest.mark.parametrize(
    ("value", "odd"),
    [
        ("10.0.0.0/8,127.0.0.1, ::1 , 2001:db8::/32", []),
        ("10.20.30.40/24", []),  # its host bits do not matter
        ("10.0.0.0/8,", []),
        ("", []),
        (",10.0.0.1,,10.0.0.2", ["an empty entry is taken for 127.0.0.1"]),
        ("10.0.0.1 ", ["'10.0.0.1 ' is dropped without a word"]),
        ("10.0.0.1;10.0.0.2", ["'10.0.0.1;10.0.0.2' is dropped without a word"]),
        (
            "10.0.0.0/33,*",
            [f"'{entry}' is dropped without a word" for entry in ("10.0.0.0/33", "*")],
        ),
        ("10,010.0.0.1", ["'10' is taken for 0.0.0.10", "'010.0.0.1' is taken for 10.0.0.1"]),
        ("localhost", ["'localhost' is taken for 127.0.0.1"]),
        ("::ffff:10.0.0.1", ["'::ffff:10.0.0.1' is taken for 10.0.0.1"]),
        ("a.example/24", ["'a.example/24' is a host name, which is looked up on every request"]),
        ("x" * 300 + "y!", ["'" + "x" * 60 + "' is dropped without a word"]),
    ],
)
def test_entries_that_are_not_taken_for_what_they_say(value, odd):
    assert _cidr.oddities(value) == odd


@pytest.mark.parametrize(
    ("value", "address", "inside"),
    [
        ("10.0.0.0/8", "10.255.255.255", True),
        ("10.0.0.0/8", "11.0.0.0", False),
        ("10.0.0.0/8", "::ffff:10.0.0.1", True),
        ("10.0.0.0/8", "::ffff:10.0.0.0/104", True),
        ("10.0.0.0/9", "::ffff:10.0.0.0/104", False),
        ("10.0.0.0/8", "::ffff:0.0.0.0/96", False),
        ("0.0.0.0/0", "::ffff:0.0.0.0/96", True),
        ("::/0", "::ffff:10.0.0.1", False),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("::/0", "10.0.0.1", False),
        ("::/0", "::fffe:0:0/95", True),
        ("fe80::/64", "fe80::1%eth0", True),
        ("fe80::/64", "fe80::%eth0/64", True),
        ("10.0.0.0/8", "10.0.0.0/8", True),
        ("10.0.0.0/8", "10.0.0.1/9", True),
        ("10.0.0.0/8", "10.0.0.0/7", False),
        ("10.0.0.0/9,10.128.0.0/9", "10.0.0.0/8", True),
        ("127.0.0.1 ", "127.0.0.1", False),
        ("", "127.0.0.1", False),
    ],
)
def test_contains(value, address, inside):
    assert _cidr.contains(value, address) is inside


@pytest.mark.parametrize("address", ["", "localhost", "10.1", "10.0.0.1,10.0.0.2"])
def test_contains_wants_an_address(address):
    with pytest.raises(ValueError):
        _cidr.contains("10.0.0.0/8", address)


# --- laws ---

NUMBERS = {4: st.integers(0, 2**32 - 1), 6: st.integers(0, 2**128 - 1)}


@st.composite
def blocks(draw):
    """Blocks that lie near each other, so that they meet, contain and touch."""
    version = draw(st.sampled_from([4, 6]))
    bits = {4: 32, 6: 128}[version]
    prefix = draw(st.integers(1, bits))
    number = draw(st.one_of(NUMBERS[version], st.integers(0x0A000000, 0x0A000008)))
    kind = {4: ipaddress.IPv4Network, 6: ipaddress.IPv6Network}[version]
    network = kind((number >> (bits - prefix) << (bits - prefix), prefix))
    mapped = version == 6 and network.network_address.ipv4_mapped
    nobody = prefix == bits and int(network.network_address) == 0
    return kind((1, bits)) if mapped or nobody else network


LISTS = st.lists(blocks(), min_size=1, max_size=8)


@given(LISTS, st.lists(st.one_of(*NUMBERS.values()), max_size=8))
def test_law_the_value_lets_in_the_same_addresses(networks, numbers):
    value = compile_cidrs([str(network) for network in networks])
    addresses = [ipaddress.ip_address(number) for number in numbers]
    for network in networks:
        for number in (
            int(network[0]),
            int(network[-1]),
            int(network[0]) - 1,
            int(network[-1]) + 1,
        ):
            if 0 <= number < 2**network.max_prefixlen:
                addresses.append(type(network[0])(number))
    for address in addresses:
        if address.version == 6 and address.ipv4_mapped:
            continue
        assert _cidr.contains(value, str(address)) == any(address in n for n in networks)


@given(LISTS)
def test_law_the_value_is_canonical(networks):
    value = compile_cidrs([str(network) for network in networks])
    assert compile_cidrs([str(network) for network in reversed(networks)]) == value
    parts = [ipaddress.ip_network(part) for part in value.split(",")]
    assert parts == sorted(parts, key=lambda n: (n.version, int(n[0])))
    assert not any(
        a != b and a.version == b.version and a.overlaps(b) for a in parts for b in parts
    )
    assert _cidr.networks_of(value) == parts
    assert not set(value) - set("0123456789abcdef.:/,")


@given(LISTS, st.booleans())
def test_law_compiling_twice_changes_nothing(networks, keep_loopback):
    value = compile_cidrs([str(network) for network in networks], keep_loopback=keep_loopback)
    words = {"0.0.0.0/0": "any_ipv4", "::/0": "any_ipv6"}
    entries = [words.get(entry, entry) for entry in value.split(",")]
    assert compile_cidrs(entries, keep_loopback=keep_loopback) == value
    assert _cidr.contains(value, "127.0.0.1") or not keep_loopback


@given(st.text(alphabet="0123456789abcdefx.:/%,;[]-*+ \n\"'", max_size=24))
def test_law_whatever_is_compiled_is_parsed_whole_and_the_rest_is_refused(text):
    try:
        value = compile_cidrs(text)
    except _cidr.CidrError as error:
        assert error.faults
    else:
        assert len(value.split(",")) == len(_cidr.networks_of(value))


@given(st.text(), st.sampled_from(["10.0.0.1", "::1", "127.0.0.1"]))
def test_law_any_value_can_be_asked(value, address):
    assert _cidr.contains(value, address) in (True, False)
