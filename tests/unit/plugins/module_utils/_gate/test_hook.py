"""What each version of the server sends to its hook, as captured, and what nobody should send."""

from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    hook as _hook,
    token as _token,
)
from hypothesis import given, strategies as st

PLAIN = {"appName": "LiveApp", "name": "s1", "streamId": "s1", "mode": "live"}


def read(app="LiveApp", **changes):
    about = {name: value for name, value in {**PLAIN, **changes}.items() if value is not ...}
    return _hook.read(app, json.dumps(about).encode())


@pytest.mark.parametrize(
    ("changes", "token"),
    [
        ({}, None),
        ({"queryParams": "{}"}, None),
        ({"queryParams": "{token=T}"}, "T"),
        ({"queryParams": "{token=T}", "token": "T"}, "T"),
        ({"queryParams": "{x=y, subscriberId=u1, subscriberCode=123, token=T}", "metaData": ""},
         "T"),
        ({"queryParams": "{token=T, x=y}", "token": "T", "subscriberId": "u1"}, "T"),
        ({"queryParams": "{xtoken=T, tokenx=U}"}, None),
        ({"queryParams": "{token=}"}, ""),
        ({"queryParams": "{token=a=b}"}, "a=b"),
        ({"queryParams": "{token=T}}"}, "T}"),
        ({"queryParams": "{token=T, token=U}"}, _token.SEVERAL),
        ({"queryParams": "{x=1, token=T, token=U}"}, _token.SEVERAL),
        ({"queryParams": "{token=T}", "token": "U"}, _token.SEVERAL),
        ({"queryParams": "{token=T, token=T}"}, "T"),
        ({"queryParams": None, "token": "T"}, "T"),
        ({"queryParams": None, "token": None}, None),
        ({"queryParams": "token=T"}, None),
        ({"name": ...}, None),
        ({"mode": "record"}, None),
    ],
)  # fmt: skip
def test_the_token_of_a_publisher(changes, token):
    ask = read(**changes)
    assert (ask.direction, ask.app, ask.stream, ask.via) == ("publish", "LiveApp", "s1", "hook")
    assert ask.address is None
    assert ask.token == token


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"streamId": ...}, "no stream's name"),
        ({"streamId": ""}, "no stream's name"),
        ({"streamId": "s2"}, "no stream's name"),
        ({"streamId": 1}, "not the server's question"),
        ({"appName": ...}, "another scope"),
        ({"appName": "WebRTCApp"}, "another scope"),
        ({"appName": "s1", "streamId": "T", "name": "T"}, "another scope"),
        ({"appName": "liveapp"}, "another scope"),
        ({"queryParams": {"token": "T"}}, "not the server's question"),
        ({"token": ["T"]}, "not the server's question"),
    ],
)
def test_what_no_version_sends(changes, why):
    with pytest.raises(_hook.Unread) as unread:
        read(**changes)
    assert str(unread.value) == why


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 60_000, b'{"a":' * 9_000]
)
def test_bodies_that_are_no_question(body):
    with pytest.raises(_hook.Unread):
        _hook.read("LiveApp", body)


@given(st.text(), st.text(min_size=1))
def test_a_token_is_found_wherever_it_is_and_with_another_there_are_several(more, token):
    if token.endswith("}") or ", " in token:
        return
    assert read(queryParams=f"{{token={token}}}").token == token
    found = read(queryParams=f"{{x={more}, token={token}}}").token
    assert found in (token, _token.SEVERAL)
    assert found == token or ", token=" in f"{more}, "


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_any_body_is_a_question_or_none(body):
    try:
        _hook.read("LiveApp", body)
    except _hook.Unread as unread:
        assert str(unread)
