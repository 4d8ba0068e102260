from __future__ import annotations

import contextlib

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import amf0 as _amf0
from hypothesis import given, strategies as st

LONG = "x" * 70_000
SCALARS = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text(), st.just(LONG))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.dictionaries(st.text(min_size=1, max_size=20), inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=4))
def test_there_and_back(values):
    assert _amf0.decode(_amf0.encode(*values)) == values


@given(st.binary(max_size=60))
def test_any_bytes_decode_or_raise_value_error(data):
    with contextlib.suppress(ValueError):
        _amf0.decode(data)


def test_what_is_only_read():
    array = b"\x08\x00\x00\x00\x01" + b"\x00\x01a\x05" + b"\x00\x00\x09"
    strict = b"\x0a\x00\x00\x00\x02\x05\x06"
    date = b"\x0b" + bytes(10)
    assert _amf0.decode(array + strict + date) == [{"a": None}, [None, None], bytes(8)]
    with pytest.raises(TypeError):
        _amf0.encode(object())


@pytest.mark.parametrize(
    "data",
    [
        b"\x02\x00\x05abc",  # cut short
        b"\x03\x00\x01a\x05",  # no end
        b"\x10\x00\x01c\x00\x00\x09",  # an object with a class
        b"\x07\x00\x00",  # a reference
        b"\x11\x01",  # AMF3
        b"\x0d",  # unsupported
        b"\x03\x00\x01a" * 40,
        b"\x02\x00\x02\xff\xfe",
    ],
)
def test_what_is_not_understood(data):
    with pytest.raises(ValueError):
        _amf0.decode(data)


@pytest.mark.parametrize(("depth", "understood"), [(33, True), (34, False), (5000, False)])
def test_values_in_values(depth, understood):
    data = b"\x03\x00\x01a" * (depth - 1) + b"\x05" + b"\x00\x00\x09" * (depth - 1)
    if understood:
        assert len(_amf0.decode(data)) == 1
    else:
        with pytest.raises(ValueError):
            _amf0.decode(data)


def test_texts_that_are_none_can_be_read_all_the_same():
    assert _amf0.decode(b"\x02\x00\x02\xff\xfe", "replace") == ["\ufffd\ufffd"]


def test_many_values_take_no_more_than_there_are():
    with pytest.raises(ValueError):
        _amf0.decode(b"\x0a\xff\xff\xff\xff" + b"\x05" * 1000)
