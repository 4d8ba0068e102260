"""The list as an expression, and the one bean of the file that gets it."""

from __future__ import annotations

import ipaddress
import re
from xml.etree import ElementTree

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import proxies as _proxies
from hypothesis import given, settings, strategies as st

BEAN = b'\t\t\t\t<bean id="valve.access" class="org.apache.catalina.valves.RemoteIpValve" />\n'
# As shipped, with what a careless search would find first.
SHIPPED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<beans xmlns="http://www.springframework.org/schema/beans"\n'
    b'\txmlns:context="http://www.springframework.org/schema/context">\n'
    b"\t<!-- <bean class='org.apache.catalina.valves.RemoteIpValve' /> -->\n"
    b'\t<bean id="tomcat.server" class="org.red5.server.tomcat.TomcatLoader">\n'
    b'\t\t<property name="webappFolder" value="${red5.root}/webapps" />\n'
    b'\t\t<property name="valves">\n'
    b"\t\t\t<list>\n" + BEAN + b'\t\t\t\t<bean class="org.apache.catalina.valves.AccessLogValve">\n'
    b'\t\t\t\t\t<property name="internalProxies" value="not mine" />\n'
    b"\t\t\t\t</bean>\n"
    b"\t\t\t</list>\n"
    b"\t\t</property>\n"
    b"\t</bean>\n"
    b"</beans>"
)


def expression(*entries):
    return _proxies.pattern(_proxies.compile_proxies(list(entries)))


def with_bean(bean):
    return SHIPPED.replace(BEAN.strip(), bean)


# --- the list ---


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


def test_the_expression_of_plain_addresses_can_be_read():
    assert _proxies.pattern("10.0.0.5,127.0.0.1") == r"10\.0\.0\.5|127\.0\.0\.1"


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
    compiled = re.compile(_proxies.pattern(str(block)))
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
    compiled = re.compile(_proxies.pattern(str(block)))
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
    text = _proxies.pattern(",".join(map(str, found)))
    assert "${" not in text and "#{" not in text
    assert not set(text) & set("<>&\"'")


# --- the file ---


def test_as_shipped_the_valve_has_tomcats_defaults():
    assert _proxies.current(SHIPPED) == {"internalProxies": None, "trustedProxies": None}


def test_an_edit_changes_the_one_bean():
    wanted = expression("10.0.0.5")
    data = _proxies.edit(SHIPPED, wanted)
    assert _proxies.current(data) == {"internalProxies": wanted, "trustedProxies": None}
    lines = b'\t\t\t\t\t<property name="internalProxies" value="' + wanted.encode() + b'" />\n'
    assert data == with_bean(BEAN.strip()[:-3] + b">\n" + lines + b"\t\t\t\t</bean>")
    ElementTree.fromstring(data)


def test_a_second_edit_changes_nothing():
    data = _proxies.edit(SHIPPED, expression("10.0.0.0/8"))
    assert _proxies.edit(data, expression("10.0.0.0/8")) is data


def test_going_back_and_forth_leaves_no_trace():
    one = _proxies.edit(SHIPPED, expression("10.0.0.0/8"))
    two = _proxies.edit(one, expression("192.0.2.7"))
    assert _proxies.edit(two, expression("10.0.0.0/8")) == one


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b'<bean class="VALVE"><property name="internalProxies" value=".*"/></bean>',
            b'<bean class="VALVE"><property name="internalProxies" value="x" /></bean>',
        ),
        (
            b"<bean class='VALVE'>\r\n  <property name='protocolHeader' value='a>b'/>\r\n</bean>",
            b"<bean class='VALVE'>NEW\r\n"
            b"  <property name='protocolHeader' value='a>b'/>\r\n</bean>",
        ),
        (
            b'<bean class="VALVE">\n  <property name="trustedProxies"><value>.</value></property>\n'
            b'  <property name="internalProxies" value="x" />\n</bean>',
            b'<bean class="VALVE">\n  <property name="internalProxies" value="x" />\n</bean>',
        ),
        (
            b'<bean class="VALVE"><property name="internalProxies"><null/></property></bean>',
            b'<bean class="VALVE"><property name="internalProxies" value="x" /></bean>',
        ),
        (
            b'<b:bean xmlns:b="http://www.springframework.org/schema/beans" class="VALVE"/>',
            b'<b:bean xmlns:b="http://www.springframework.org/schema/beans" class="VALVE">\n'
            b'\t\t\t\t\t<b:property name="internalProxies" value="x" />\n\t\t\t\t</b:bean>',
        ),
    ],
)
def test_other_ways_to_write_the_bean(before, after):
    new = b'\n\t\t\t\t\t<property name="internalProxies" value="x" />'
    before, after = (
        with_bean(each.replace(b"VALVE", _proxies.VALVE.encode())) for each in (before, after)
    )
    assert _proxies.edit(before, "x") == after.replace(b"NEW", new)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (with_bean(b""), "no RemoteIpValve"),
        (with_bean(BEAN.strip() + BEAN.strip()), "more than one RemoteIpValve"),
        (SHIPPED[:-3], "no well-formed XML"),
        (b"", "no well-formed XML"),
        (SHIPPED.replace(b"</list>", b"&nowhere;</list>"), "no well-formed XML"),
        (with_bean(BEAN.strip()[:-2] + b'parent="x" />'), "attribute parent"),
        (
            with_bean(
                BEAN.strip()[:-2]
                + b'xmlns:p="http://www.springframework.org/schema/p" p:trustedProxies=".*" />'
            ),
            "attribute trustedProxies",
        ),
        (SHIPPED.replace(b"?>", b"?><!DOCTYPE beans [<!ENTITY a 'b'>]>"), "document type"),
        (SHIPPED.decode().encode("utf-16"), "UTF-8"),
        (b"\xef\xbb\xbf" + SHIPPED, "UTF-8"),
        (SHIPPED.replace(b"not mine", b"\xe4"), "UTF-8"),
    ],
)
def test_a_file_that_is_not_understood_is_refused(data, said):
    with pytest.raises(_proxies.ProxiesError) as caught:
        _proxies.edit(data, "x")
    assert said in str(caught.value)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_goes_in_comes_out(text):
    assert _proxies.current(_proxies.edit(SHIPPED, text))["internalProxies"] == text
