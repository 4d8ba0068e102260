from __future__ import annotations

import ipaddress

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import sources as _sources
from hypothesis import assume, given, strategies as st


def blocks(version, bits):
    # Not at the very ends of all addresses, which are nobody's.
    number = st.integers(2 ** (bits - 4), 2**bits - 2 ** (bits - 4) - 1)
    return st.builds(
        lambda number, prefix: ipaddress.ip_network((number, prefix), strict=False),
        number,
        st.integers(5, bits),
    )


LISTS = st.lists(st.one_of(blocks(4, 32), blocks(6, 128)), min_size=1, max_size=6)


def text_of(networks):
    return ",".join(str(network) for network in networks)


def names(sources):
    return {source.address for source in sources}


@given(LISTS)
def test_both_sides_are_what_they_say(networks):
    text = text_of(networks)
    inside, outside = _sources.samples(text)
    assert all(_cidr.contains(text, source.address) for source in inside)
    assert not any(_cidr.contains(text, source.address) for source in outside)
    assert len(names(inside) | names(outside)) == len(inside) + len(outside)


@given(LISTS, st.data())
def test_a_list_one_bit_wider_shows(networks, data):
    networks = _cidr.networks_of(text_of(networks))
    place = data.draw(st.integers(0, len(networks) - 1))
    wider = [*networks[:place], networks[place].supernet(), *networks[place + 1 :]]
    outside = _sources.samples(text_of(networks))[1]
    grown = [n for n in _cidr.networks_of(text_of(wider)) if n not in networks]
    assume(grown)
    assert any(_cidr.contains(text_of(wider), source.address) for source in outside)


@given(LISTS, st.data())
def test_a_list_one_bit_narrower_shows(networks, data):
    networks = _cidr.networks_of(text_of(networks))
    place = data.draw(st.integers(0, len(networks) - 1))
    assume(networks[place].num_addresses >= 8)
    half = list(networks[place].subnets())[data.draw(st.integers(0, 1))]
    narrower = [*networks[:place], half, *networks[place + 1 :]]
    inside = _sources.samples(text_of(networks))[0]
    assert not all(_cidr.contains(text_of(narrower), source.address) for source in inside)


def test_own_addresses_are_really_used():
    inside, outside = _sources.samples("127.0.0.1,198.51.100.0/24", ("198.51.100.7",))
    assert {s.address for s in inside if s.way == "direct"} == {"127.0.0.1", "198.51.100.7"}
    assert {"127.0.0.9", "127.33.44.55", "127.0.0.2"} == {
        s.address for s in outside if s.way == "direct"
    }
    assert inside[0].way == "direct"


def test_nothing_is_sent_from_the_ends_of_the_loopback():
    for address in ("127.0.0.0", "127.255.255.255"):
        assert _sources.source(address).way == "forwarded"


def test_everybody_and_nobody():
    inside, outside = _sources.samples("0.0.0.0/0,::/0")
    assert inside and not outside
    inside, outside = _sources.samples("")
    assert outside and not inside
    # IPv6 is not in 0.0.0.0/0.
    assert names(_sources.samples("0.0.0.0/0")[1]) == {"2001:db8:77::77"}


def test_of_a_long_list_evenly_spread_blocks():
    text = ",".join(f"10.{number}.0.0/24" for number in range(200))
    found, number = _sources.blocks(text)
    assert number == 200
    assert len(found) == _sources.MOST_BLOCKS
    assert str(found[0]) == "10.0.0.0/24"
    assert str(found[-1]) == "10.199.0.0/24"


def test_in_words():
    source = _sources.Source("10.0.0.1", "forwarded", "127.0.0.9")
    assert str(source) == "10.0.0.1 by X-Forwarded-For behind 127.0.0.9"
    assert str(_sources.source("127.0.0.1")) == "127.0.0.1"
