"""A list as an expression that Tomcat matches addresses with."""

from __future__ import annotations

import ipaddress
import re

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import pattern as _pattern
from hypothesis import given, settings, strategies as st


def test_the_expression_of_plain_addresses_can_be_read():
    assert _pattern.of("10.0.0.5,127.0.0.1") == r"10\.0\.0\.5|127\.0\.0\.1"


BITS = {ipaddress.IPv4Network: 32, ipaddress.IPv6Network: 128}


@st.composite
def numbers(draw, bits):
    """Numbers with zeros and ones in a row, as addresses have them."""
    groups = st.one_of(st.sampled_from((0, 0, 1, 0xFFFF)), st.integers(0, 0xFFFF))
    return int("".join(f"{draw(groups):04x}" for _each in range(bits // 16)), 16)


@st.composite
def blocks(draw):
    kind = draw(st.sampled_from(list(BITS)))
    prefix = draw(st.integers(1, BITS[kind]))
    spare = BITS[kind] - prefix
    return kind((draw(numbers(BITS[kind])) >> spare << spare, prefix))


def texts(address):
    """Every way to write an address, but for embedded dots."""
    if address.version == 4:
        return {str(address)}
    groups = [f"{int(address) >> shift & 0xFFFF:x}" for shift in range(112, -16, -16)]
    found = {":".join(groups), ":".join(group.zfill(4) for group in groups)}
    for begin in range(8):
        for end in range(begin + 1, 9):
            if set(groups[begin:end]) == {"0"}:
                found.add(":".join(groups[:begin]) + "::" + ":".join(groups[end:]))
    return found | {text.upper() for text in found}


MAPPED = ipaddress.ip_network("::ffff:0:0/96")


def native(block):
    """Whether a block is none of IPv4 addresses in IPv6 clothes, which a policy cannot name."""
    return block.version == 4 or not block.subnet_of(MAPPED)


@settings(deadline=None)  # a busy machine takes long to compile an expression
@given(st.data(), blocks().filter(native))
def test_an_expression_matches_the_addresses_of_its_block_and_no_others(data, block):
    compiled = re.compile(_pattern.of(str(block)))
    ends = int(block[0]), int(block[-1])
    inside = data.draw(numbers(block.max_prefixlen)) & int(block.hostmask) | ends[0]
    near = {*ends, ends[0] - 1, ends[1] + 1, inside, data.draw(numbers(block.max_prefixlen))}
    for number in (each for each in near if 0 <= each < 1 << block.max_prefixlen):
        address = type(block[0])(number)
        for text in texts(address):
            assert bool(compiled.fullmatch(text)) is (address in block), (block, text)


@settings(deadline=None)  # a busy machine takes long to compile an expression
@given(st.data(), blocks().filter(native))
def test_what_is_no_address_is_no_proxy(data, block):
    compiled = re.compile(_pattern.of(str(block)))
    text = data.draw(st.sampled_from(sorted(texts(block[0]))))
    place = data.draw(st.integers(0, len(text)))
    text = text[:place] + data.draw(st.sampled_from(":0fg1 /")) + text[place:]
    try:
        inside = ipaddress.ip_address(text) in block
    except ValueError:
        inside = False
    assert bool(compiled.fullmatch(text)) is inside


@given(st.lists(blocks().filter(lambda block: block.version == 4), min_size=1, max_size=4))
def test_an_expression_stays_text_for_xml_and_for_the_server(found):
    text = _pattern.of(",".join(map(str, found)))
    assert "${" not in text and "#{" not in text
    assert not set(text) & set("<>&\"'")
