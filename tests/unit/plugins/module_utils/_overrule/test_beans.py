from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    beans as _beans,
    entry as _entry,
    names as _names,
)

from tests.kit.overruling import FILLER, HEAD, HOLDER

OURS = "/WEB-INF/red5-web.properties"
SHORTCUT = 'xmlns:p="http://www.springframework.org/schema/p"'
OLD = "org.springframework.beans.factory.config.PropertyPlaceholderConfigurer"
NEW = "org.springframework.context.support.PropertySourcesPlaceholderConfigurer"


def read(inside):
    return _beans.read(f"{HEAD}{inside}</beans>".encode(), _names.APP_BEAN)


def test_beans_as_shipped():
    found = read(FILLER + HOLDER)
    assert found.fillers == (_beans.Filler((OURS,)),)
    assert (found.given, found.odd, found.holders, found.imports) == ((), (), 1, ())


def property_(name, value):
    return f'<property name="{name}" value="{value}"/>'


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (FILLER, _beans.ALL, _beans.NONE),
        (FILLER.replace("/>", ' local-override="true"/>'), _beans.NONE, _beans.ALL),
        (FILLER.replace("/>", ' local-override="false"/>'), _beans.ALL, _beans.NONE),
        (FILLER.replace("/>", ' system-properties-mode="NEVER"/>'), _beans.NONE, _beans.NONE),
        (
            FILLER.replace("/>", ' system-properties-mode="OVERRIDE"/>'),
            _beans.SYSTEM,
            _beans.NONE,
        ),
        (
            FILLER.replace("/>", ' system-properties-mode="FALLBACK"/>'),
            _beans.NONE,
            _beans.SYSTEM,
        ),
        (f'<bean class="{OLD}">', _beans.NONE, _beans.SYSTEM),
        (
            f'<bean class="{OLD}">' + property_("systemPropertiesMode", "2"),
            _beans.SYSTEM,
            _beans.NONE,
        ),
        (
            f'<bean class="{OLD}">'
            + property_("systemPropertiesModeName", "SYSTEM_PROPERTIES_MODE_NEVER"),
            _beans.NONE,
            _beans.NONE,
        ),
        (f'<bean class="{NEW}">', _beans.ALL, _beans.NONE),
        (f'<bean class="{NEW}">' + property_("localOverride", "true"), _beans.NONE, _beans.ALL),
        (f'<bean {SHORTCUT} p:localOverride="true" class="{NEW}">', _beans.NONE, _beans.ALL),
    ],
)
def test_who_fills_in_asks_others_first_or_last(text, before, after):
    (filler,) = read(
        text
        if text.endswith("/>") and "</" not in text and "<bean" not in text
        else text + "</bean>"
    ).fillers
    assert (filler.before, filler.after) == (before, after)
    assert _entry.PARAMETER in _beans.ALL and _entry.PARAMETER not in _beans.SYSTEM


@pytest.mark.parametrize(
    ("inside", "files"),
    [
        ('<property name="location" value="a"/>', ("a",)),
        ('<property name="locations" value="a, b"/>', ("a", "b")),
        (
            '<property name="locations"><list><value>a</value><value> b </value></list></property>',
            ("a", "b"),
        ),
    ],
)
def test_files_of_one_that_is_a_bean(inside, files):
    assert read(f'<bean class="{OLD}">{inside}</bean>').fillers[0].files == files


def test_more_of_one_that_fills_in():
    text = FILLER.replace("/>", ' order="7" properties-ref="x"/>')
    assert read(text).fillers == (_beans.Filler((OURS,), order=7),)
    text = FILLER.replace("/>", ' order="?" properties-ref="x" local-override="true"/>')
    assert read(text).fillers[0].inline
    assert read(text).fillers[0].order == _beans.Filler.order
    text = f'<bean class="{NEW}">{property_("propertySources", "x")}</bean>'
    assert read(text).fillers[0].inline


@pytest.mark.parametrize(
    ("bean", "given", "odd"),
    [
        (HOLDER.replace(" />", f">{property_('hlsTime', 1)}</bean>"), ("hlsTime",), ()),
        (HOLDER.replace(" />", f' {SHORTCUT} p:hlsTime="1"/>'), ("hlsTime",), ()),
        (HOLDER.replace(" />", f' {SHORTCUT} p:jwtSecretKey-ref="x"/>'), ("jwtSecretKey",), ()),
        ('<bean name="x, app.settings" class="io.antmedia.AppSettings"/>', (), ()),
        ('<bean id="x" class="io.antmedia.AppSettings"/>', (), ()),
        (HOLDER.replace(" />", ' init-method="x"/>'), (), ("with the attribute init-method",)),
        (HOLDER.replace(" />", ' parent="x"/>'), (), ("with the attribute parent",)),
        (HOLDER.replace("AppSettings", "Other"), (), ("of another class",)),
        (
            HOLDER.replace(" />", '><replaced-method name="x" replacer="y"/></bean>'),
            (),
            ("with a replaced-method",),
        ),
    ],
)
def test_the_bean_of_the_settings(bean, given, odd):
    found = read(bean)
    assert (found.given, found.holders) == (given, 1)
    assert found.odd == tuple(f"the bean app.settings {each}" for each in odd)


@pytest.mark.parametrize(
    "text",
    [
        '<bean class="x.PropertyOverrideConfigurer"/>',
        '<context:property-override location="x"/>',
        '<alias name="other" alias="app.settings"/>',
    ],
)
def test_what_else_changes_the_bean(text):
    assert len(read(HOLDER + text).odd) == 1


CALL = "#{@'app.settings'.setHlsTime('1')}"
PROPERTY = "#{T(System).setProperty('hlsTime','1')}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<bean class="x"><property name="targetMethod" value="setHlsTime"/></bean>', True),
        (f'<bean class="x"><constructor-arg value="{CALL}"/></bean>', True),
        (f'<bean class="{PROPERTY}"/>', True),
        ("<bean><constructor-arg><value>settings.hlsTime</value></constructor-arg></bean>", True),
        ('<bean><property name="y"><map><entry key="hlsTime"/></map></property></bean>', True),
        ('<bean factory-bean="app.settings" factory-method="setHlsTime"/>', True),
        (f'<bean {SHORTCUT} class="x" p:targetMethod="setHlsTime"/>', True),
        (f'<bean {SHORTCUT} class="x" p:other-ref="hlsTime"/>', False),
        ('<bean id="hlsTime" class="x.hlsTime"/>', False),
        ('<bean class="x"><property name="hlsTime" ref="hlsTime"/></bean>', False),
        ('<bean class="x"><property name="y" value="${hlsTime:2}"/></bean>', False),
        ("<!-- setHlsTime -->", False),
    ],
)
def test_words_that_set_something(text, said):
    words = set(read(FILLER + HOLDER + text).words)
    assert bool(words & _names.of((2, 17, 1)).words.keys()) is said


def test_imports_and_properties():
    found = read(
        '<import resource="a.xml"/><bean class="x"><property name="addresses"><list>'
        "<value>${rtmp.host}:1</value><value>b</value></list></property></bean>"
    )
    assert found.imports == ("a.xml",)
    assert found.properties == (("addresses", "${rtmp.host}:1 b"),)


@pytest.mark.parametrize(
    "inside",
    ['<a value="' + "${" * 200_000 + '"/>', "<property>" * 48 + "x" * 500_000 + "</property>" * 48],
    ids=["placeholders", "properties"],
)
def test_in_linear_time(inside):
    begun = time.process_time()
    read(inside)
    assert time.process_time() - begun < 2
