from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import pasted as _pasted
from hypothesis import given, strategies as st


def test_the_token_alone():
    assert _pasted.unwrap("abc") == _pasted.Pasted("abc")
    assert _pasted.unwrap(" abc\n") == _pasted.Pasted("abc", blanks=True)


def test_urls():
    pasted = _pasted.unwrap("https://h:5443/LiveApp/streams/cam.m3u8?expireDate=5&token=a%2Bb&x=y")
    assert (pasted.token, pasted.path) == ("a+b", "/LiveApp/streams/cam.m3u8")
    assert pasted.parameters["expireDate"] == "5"
    assert _pasted.unwrap("LiveApp/stream1,token=abc").token == "abc"
    assert _pasted.unwrap("rtmp://h/LiveApp/s?subscriberId=x&subscriberCode=123456").token == (
        "123456"
    )


@pytest.mark.parametrize("name", ["Authorization", "authorization", "ProxyAuthorization"])
def test_headers(name):
    assert _pasted.unwrap(f"{name}: abc") == _pasted.Pasted("abc", header=True)
    pasted = _pasted.unwrap(f"{name}: Bearer  abc")
    assert (pasted.token, pasted.header, pasted.bearer) == ("abc", True, True)


def test_bearer_without_a_header():
    assert _pasted.unwrap("bearer abc") == _pasted.Pasted("abc", bearer=True)


@given(st.text(max_size=200))
def test_any_text_has_one(text):
    assert _pasted.unwrap(text).token == _pasted.unwrap(text).token.strip()


def test_a_text_without_end():
    assert len(_pasted.unwrap("a" * 10**6).token) == _pasted.MOST
