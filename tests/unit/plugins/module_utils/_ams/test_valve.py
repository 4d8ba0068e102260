"""The one bean of the file that says which proxies are believed."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    pattern as _pattern,
    valve as _valve,
)
from hypothesis import given, strategies as st

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
    return _pattern.of(",".join(entries))


def with_bean(bean):
    return SHIPPED.replace(BEAN.strip(), bean)


def test_as_shipped_the_valve_has_tomcats_defaults():
    assert _valve.current(SHIPPED) == {"internalProxies": None, "trustedProxies": None}


def test_an_edit_changes_the_one_bean():
    wanted = expression("10.0.0.5")
    data = _valve.edit(SHIPPED, wanted)
    assert _valve.current(data) == {"internalProxies": wanted, "trustedProxies": None}
    lines = b'\t\t\t\t\t<property name="internalProxies" value="' + wanted.encode() + b'" />\n'
    assert data == with_bean(BEAN.strip()[:-3] + b">\n" + lines + b"\t\t\t\t</bean>")
    ElementTree.fromstring(data)


def test_a_second_edit_changes_nothing():
    data = _valve.edit(SHIPPED, expression("10.0.0.0/8"))
    assert _valve.edit(data, expression("10.0.0.0/8")) is data


def test_going_back_and_forth_leaves_no_trace():
    one = _valve.edit(SHIPPED, expression("10.0.0.0/8"))
    two = _valve.edit(one, expression("192.0.2.7"))
    assert _valve.edit(two, expression("10.0.0.0/8")) == one


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
        with_bean(each.replace(b"VALVE", _valve.VALVE.encode())) for each in (before, after)
    )
    assert _valve.edit(before, "x") == after.replace(b"NEW", new)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (with_bean(b""), "no RemoteIpValve"),
        (with_bean(BEAN.strip() + BEAN.strip()), "more than one RemoteIpValve"),
        (SHIPPED[:-3], "is not well-formed XML"),
        (b"", "is not well-formed XML"),
        (SHIPPED.replace(b"</list>", b"&nowhere;</list>"), "is not well-formed XML"),
        (SHIPPED.replace(b"UTF-8", b"UTF-9"), "is not well-formed XML: unknown encoding"),
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
    with pytest.raises(_valve.ValveError) as caught:
        _valve.edit(data, "x")
    assert said in str(caught.value)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_goes_in_comes_out(text):
    assert _valve.current(_valve.edit(SHIPPED, text))["internalProxies"] == text
