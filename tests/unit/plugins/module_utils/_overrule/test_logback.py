from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    logback as _logback,
)


def test_what_a_configuration_sets():
    found = _logback.read(
        b'<configuration><property scope="system" name="a"/><variable scope="System" name="b"/>'
        b'<timestamp scope="system" key="c"/><insertFromJNDI scope="system" as="d"/>'
        b'<property name="e"/><property scope="context" name="f"/><property file="g"/>'
        b'<if><then><property scope="system" file="h"/><property scope="system" resource="i"/>'
        b'</then></if><include file="j"/><include resource="k" optional="true"/></configuration>'
    )
    assert found == _logback.Log(("a", "b", "c", "d"), ("h", "i"), ("j", "k"))


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("logback.xml", True),
        ("logback-test.xml", True),
        ("logback-LiveApp.xml", True),
        ("logback.properties", False),
        ("red5.xml", False),
    ],
)
def test_files_that_are_one(name, one):
    assert _logback.is_one(name) is one


def test_what_is_none():
    with pytest.raises(_xml.XmlError):
        _logback.read(b"no XML")
