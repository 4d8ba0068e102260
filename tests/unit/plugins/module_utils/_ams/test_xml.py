from __future__ import annotations

import contextlib
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml


def test_a_tree():
    root = _xml.parse(b'<a xmlns="u"><b x="1">one<!-- no --> two</b><c><b>three</b></c></a>')
    assert (root.space, root.name) == ("u", "a")
    assert [element.text for element in root.all("b")] == ["one two"]
    assert root.first("b") == "one two" and root.first("d") == ""
    assert [element.name for element in root.walk()] == ["a", "b", "c", "b"]
    assert root.all("b")[0].attributes == {"x": "1"}


def test_attributes_of_another_namespace():
    root = _xml.parse(b'<a xmlns:p="u" p:b="1" b="2"/>')
    assert root.attributes == {"u b": "1", "b": "2"}


def test_a_document_type_that_declares_nothing_here():
    text = b'<!DOCTYPE web-app PUBLIC "-//Sun//DTD" "http://java.sun.com/dtd/web-app.dtd"><a/>'
    assert _xml.parse(text).name == "a"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is not well-formed XML: no element found"),
        (b"<a>", "is not well-formed XML"),
        (b"<a>&b;</a>", "is not well-formed XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares a document type of its own"),
        (b'<?xml version="1.0" encoding="nothing"?><a/>', "is not well-formed XML"),
        (b"\xff\xff<a/>", "is not well-formed XML"),
        (b"<a>" * 51, "has more than 50 elements in one another"),
        (b"<a>" + b"<b/>" * 20_000 + b"</a>", "has more than 20000 elements"),
    ],
)
def test_what_is_not_read(data, reason):
    with pytest.raises(_xml.XmlError, match=reason):
        _xml.parse(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" + b"<b>x</b>" * 19_999 + b"</a>",
        b"<a>" + b"&lt;" * 200_000 + b"</a>",
        b"<a " + b" ".join(b'b%d="c"' % n for n in range(20_000)) + b"/>",
        b"<!--" * 250_000,
        b"<![CDATA[" * 100_000,
        b"<r>" + (b"<a>" * 49 + b"</a>" * 49) * 400 + b"</r>",
    ],
    ids=["elements", "entities", "attributes", "comments", "data", "depth"],
)
def test_in_linear_time(data):
    begun = time.process_time()
    with contextlib.suppress(_xml.XmlError):
        list(_xml.parse(data).walk())
    assert time.process_time() - begun < 3
