from __future__ import annotations

import re

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    rtmp_names as _names,
    token as _token,
)
from hypothesis import given, strategies as st

URL = "rtmp://live.example.org/"


@pytest.mark.parametrize(
    ("about", "found"),
    [
        ({"app": "LiveApp"}, ("LiveApp", "")),
        ({"app": "LiveApp", "tcUrl": URL + "LiveApp"}, ("LiveApp", "")),
        ({"app": "LiveApp/", "tcUrl": URL + "LiveApp/"}, ("LiveApp", "")),
        ({"app": "LiveApp/", "tcUrl": URL + "LiveApp"}, ("LiveApp", "")),
        ({"app": "LiveApp", "tcUrl": "rtmps://[::1]:8443/LiveApp"}, ("LiveApp", "")),
        # As ffmpeg connects to publish LiveApp/s1/TOKEN.
        ({"app": "LiveApp/s1", "tcUrl": URL + "LiveApp/s1"}, ("LiveApp", "s1")),
        # Never an application within another one.
        ({"app": "LiveApp/WebRTCApp"}, ("LiveApp", "WebRTCApp")),
    ],
)
def test_applications(about, found):
    assert _names.application(about) == found


@pytest.mark.parametrize(
    "about",
    [
        None,
        "LiveApp",
        {},
        {"app": None},
        {"app": 1.0},
        {"app": ""},
        {"app": "/LiveApp"},
        {"app": "LiveApp?x"},
        {"app": "LiveApp?token=T"},
        {"app": "LiveApp//"},
        {"app": "LiveApp/s1/"},
        {"app": "LiveApp/s1/s2"},
        {"app": "LiveApp/../WebRTCApp"},
        {"app": "LiveApp/.."},
        {"app": "./LiveApp"},
        {"app": "LiveApp%2Fs1"},
        {"app": "LiveApp;x"},
        {"app": "LiveApp\0"},
        {"app": "LiveApp\n"},
        {"app": " LiveApp"},
        {"app": "L\u0131veApp"},
        {"app": "x" * 101},
        {"app": "LiveApp", "tcUrl": URL + "WebRTCApp"},
        {"app": "LiveApp", "tcUrl": URL + "liveapp"},
        {"app": "LiveApp", "tcUrl": URL + "LiveApp/WebRTCApp"},
        {"app": "LiveApp/s1", "tcUrl": URL + "LiveApp"},
        {"app": "LiveApp", "tcUrl": URL + "LiveApp?x"},
        {"app": "LiveApp", "tcUrl": URL + "LiveApp#x"},
        {"app": "LiveApp", "tcUrl": "http://live.example.org/LiveApp"},
        {"app": "LiveApp", "tcUrl": "rtmp://[/LiveApp"},
        {"app": "LiveApp", "tcUrl": "LiveApp"},
        {"app": "LiveApp", "tcUrl": ""},
        {"app": "LiveApp", "tcUrl": 1.0},
        {"app": "LiveApp", "tcUrl": URL + "LiveApp" + "/" * 5000},
    ],
)
def test_what_is_no_application(about):
    with pytest.raises(_names.NoName):
        _names.application(about)


@pytest.mark.parametrize(
    ("before", "text", "name", "token", "written"),
    [
        ("", "s1", "s1", None, "s1"),
        ("", "s1?token=T", "s1", "T", "s1?token=T"),
        ("", "s1/T", "s1", "T", "s1?token=T"),
        ("s1", "T", "s1", "T", "s1?token=T"),
        ("", "s-1_a.b?x=y&token=T&z=1", "s-1_a.b", "T", "s-1_a.b?x=y&z=1&token=T"),
        ("", "s1?subscriberId=u1", "s1", None, "s1?subscriberId=u1"),
        ("", "s1?token=a&token=b", "s1", _token.SEVERAL, "s1"),
        ("", "s1/a?token=b", "s1", _token.SEVERAL, "s1"),
        ("s1", "a?token=b", "s1", _token.SEVERAL, "s1"),
        ("WebRTCApp", "s1?token=T", "WebRTCApp", _token.SEVERAL, "WebRTCApp"),
        ("", "other?streamId=pp1&token=T", "other", "T", "other?streamId=pp1&token=T"),
    ],
)
def test_streams(before, text, name, token, written):
    found = _names.stream(before, text)
    assert (found.name, found.token, found.written()) == (name, token, written)


@pytest.mark.parametrize("before", ["", "s1"])
@pytest.mark.parametrize(
    "text",
    [
        None,
        1.0,
        "",
        "/",
        "s1/",
        "/s1",
        "x/s1/T",
        "../s1",
        "s1?",
        "?token=T",
        "s1?token=",
        "s1?token",
        "s1?token=T&",
        "s1?&token=T",
        "s1?x=&token=T",
        "s1?x=a=b&token=T",
        "s1?x=a, token=b",
        "s1?x={y}",
        "s1?%74oken=T&token=T",
        "s1?token=T?token=U",
        "s1?token=T/U/V",
        "s1?token=T#x",
        "s1/T/u1/code",
        "s1\0?token=T",
        "s1 ?token=T",
        "s\u0131?token=T",
        "mp4:s1?token=T",
        "s1%2FT",
        "s1?" + "&".join(f"a{n}=1" for n in range(17)),
        "s1?token=" + "x" * 5000,
        ".hidden?token=T",
    ],
)
def test_what_is_no_stream(before, text):
    if before and text == ".hidden?token=T":  # two tokens, then
        return
    with pytest.raises(_names.NoName):
        _names.stream(before, text)


TEXTS = st.text(alphabet="s1T?&=/token.%2F;:{, }\0é", max_size=30)


@given(st.sampled_from(["", "s1"]), TEXTS)
def test_what_the_server_is_told_can_be_read_in_one_way(before, text):
    """However the server cuts it: at the first ?, at each &, at each =."""
    try:
        found = _names.stream(before, text)
    except _names.NoName:
        return
    name, asks, query = found.written().partition("?")
    assert name == found.name
    assert re.fullmatch("[A-Za-z0-9_-][A-Za-z0-9_.-]*", name)
    pairs = [pair.split("=") for pair in query.split("&")] if asks else []
    assert all(len(pair) == 2 and all(pair) for pair in pairs)
    tokens = [value for key, value in pairs if key == "token"]
    assert tokens == ([found.token] if found.token and found.token != _token.SEVERAL else [])


@given(st.sampled_from(["", "s1"]), st.one_of(st.none(), st.floats(), TEXTS))
def test_what_is_shown_of_a_name_has_no_token(before, text):
    assert "?" not in _names.shown(before, text)
    assert "/" not in _names.shown(before, text)


def test_a_token_is_not_shown():
    assert "SECRET" not in repr(_names.stream("", "s1?token=SECRET&x=SECRET"))
    assert _names.shown("", "s1/SECRET/x") == _names.shown("s1", "SECRET") == "s1"
