from __future__ import annotations

import contextlib
import io
import socket
import struct

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import rtmp as _rtmp
from hypothesis import given, strategies as st

LONG = "x" * 70_000
SCALARS = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text(), st.just(LONG))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.dictionaries(st.text(min_size=1, max_size=20), inner, max_size=4),
    max_leaves=8,
)


def reader(data):
    stream = io.BytesIO(data)

    def read(count):
        piece = stream.read(count)
        if len(piece) < count:
            raise EOFError
        return piece

    return read


@given(st.lists(VALUES, max_size=4))
def test_amf0_there_and_back(values):
    assert _rtmp.decode(_rtmp.encode(*values)) == values


@given(st.binary(max_size=60))
def test_any_bytes_decode_or_raise_value_error(data):
    with contextlib.suppress(ValueError):
        _rtmp.decode(data)


def test_what_only_servers_send():
    array = b"\x08\x00\x00\x00\x01" + b"\x00\x01a\x05" + b"\x00\x00\x09"
    strict = b"\x0a\x00\x00\x00\x02\x05\x06"
    date = b"\x0b" + bytes(10)
    assert _rtmp.decode(array + strict + date) == [{"a": None}, [None, None], bytes(8)]
    with pytest.raises(TypeError):
        _rtmp.encode(object())


@given(
    st.lists(
        st.tuples(
            st.integers(3, 63), st.integers(2, 20), st.integers(0, 9), st.binary(max_size=900)
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 400),
)
def test_chunks_there_and_back(messages, size):
    data = _rtmp.pack(2, _rtmp.SET_CHUNK_SIZE, 0, struct.pack(">I", size), 128)
    for channel, kind, stream, payload in messages:
        data += _rtmp.pack(channel, kind, stream, payload, size)
    chunks = _rtmp.Chunks(reader(data))
    assert chunks.message()[0] == _rtmp.SET_CHUNK_SIZE
    for _channel, kind, stream, payload in messages:
        assert chunks.message() == (kind, stream, payload)


def test_headers_that_leave_things_out():
    first = _rtmp.pack(70 - 64 + 3, 20, 5, b"one")
    shorter = b"\x49" + b"\x00\x00\x01" + b"\x00\x00\x03" + b"\x14" + b"two"
    shortest = b"\x89" + b"\x00\x00\x01" + b"six"
    same = b"\xc9" + b"ten"
    chunks = _rtmp.Chunks(reader(first + shorter + shortest + same))
    assert [chunks.message() for _each in range(4)] == [
        (20, 5, text) for text in (b"one", b"two", b"six", b"ten")
    ]


def test_wide_channel_numbers_and_late_timestamps():
    body = (
        b"\x00\x06" + b"\xff\xff\xff" + b"\x00\x00\x02" + b"\x14" + bytes(4) + b"\x01\x00\x00\x00"
    )
    wide = b"\x01\x06\x01" + body[2:]
    chunks = _rtmp.Chunks(reader(body + b"hi" + wide + b"yo"))
    assert chunks.message() == (20, 0, b"hi")
    assert chunks.message() == (20, 0, b"yo")


def test_a_message_beyond_reason():
    data = b"\x03" + bytes(3) + b"\xff\xff\xff" + b"\x14" + bytes(4)
    with pytest.raises(ValueError):
        _rtmp.Chunks(reader(data)).message()


def ask(rtmp, stream="x?token=t", app="LiveApp", **options):
    with _rtmp.Session(("127.0.0.1", rtmp.port), **options) as session:
        session.connect(app)
        return session.may_publish(stream)


def test_let_in(rtmp):
    assert ask(rtmp)[0] == "accepted"
    assert rtmp.asked == [("LiveApp", "x?token=t", "127.0.0.1", _rtmp.MESSAGE_STREAM)]


def test_refused(rtmp):
    rtmp.publish = lambda *_asked: "refused"
    assert ask(rtmp) == ("refused", "NetStream.Publish.BadName: not allowed")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (
            {"code": "NetStream.Failed", "description": "current system resources not enough"},
            "busy",
        ),
        ({"code": "NetStream.InvalidArg", "description": "Failed to publish"}, "other"),
        ({"code": "NetStream.Publish.Start"}, "accepted"),
        ({}, "other"),
    ],
)
def test_statuses(rtmp, status, verdict):
    rtmp.publish = lambda *_asked: status
    assert ask(rtmp)[0] == verdict


def ask_to_play(rtmp, stream="x?token=t", **options):
    with _rtmp.Session(("127.0.0.1", rtmp.port), **options) as session:
        session.connect("LiveApp")
        return session.may_play(stream)


def test_a_player(rtmp):
    assert ask_to_play(rtmp)[0] == "accepted"
    assert rtmp.played == [("LiveApp", "x?token=t", "127.0.0.1", 1)]


# What real servers of 2.4.3, 2.6.1, 2.6.2 and 2.17.1 answer.
@pytest.mark.parametrize(
    ("code", "description", "verdict"),
    [
        ("NetStream.Play.Reset", "Playing and resetting x.", "accepted"),
        ("NetStream.Play.StreamNotFound", "", "accepted"),
        ("NetStream.Publish.BadName", "You are not allowed to play the stream", "refused"),
        ("NetStream.Failed", "RTMP playback is disabled", "refused"),
        ("NetStream.Failed", "Unable to start playing stream", "other"),
        ("NetStream.Play.Failed", "x", "other"),
        ("NetStream.Failed", "current system resources not enough", "busy"),
    ],
)
def test_what_a_player_is_told(rtmp, code, description, verdict):
    rtmp.play = lambda *_asked: {"code": code, "description": description}
    assert ask_to_play(rtmp)[0] == verdict


def test_a_server_that_makes_no_stream_for_a_player(rtmp, monkeypatch):
    monkeypatch.setattr(_rtmp, "encode", lambda *_values: b"")
    session = _rtmp.Session(("127.0.0.1", rtmp.port), timeout=0.3)
    with session, pytest.raises(_rtmp.RtmpError) as caught:
        session.may_play("x")
    assert caught.value.stage == "play"


def test_hung_up(rtmp):
    rtmp.publish = lambda *_asked: "closed"
    assert ask(rtmp)[0] == "closed"


def test_no_answer(rtmp):
    rtmp.publish = lambda *_asked: "silent"
    with pytest.raises(_rtmp.RtmpError) as caught:
        ask(rtmp, timeout=0.3)
    assert caught.value.stage == "publish"


def test_the_source_address(rtmp):
    ask(rtmp, source="127.0.0.9")
    assert rtmp.asked[0][2] == "127.0.0.9"


def test_no_such_application(rtmp):
    with pytest.raises(_rtmp.Rejected) as caught:
        ask(rtmp, app="nosuch")
    assert "InvalidApp" in caught.value.reason


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(_rtmp.RtmpError) as caught:
            _rtmp.Session(free.getsockname())
    assert caught.value.stage == "connect"


def test_not_rtmp(web):
    with pytest.raises(_rtmp.RtmpError) as caught:
        _rtmp.Session(("127.0.0.1", web.port), timeout=1)
    assert caught.value.stage == "handshake"
