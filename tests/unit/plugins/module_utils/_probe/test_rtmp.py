from __future__ import annotations

import socket

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import rtmp as _rtmp
from ansible_collections.streamward.antmedia.plugins.module_utils._server import amf0 as _amf0


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
    monkeypatch.setattr(_amf0, "encode", lambda *_values: b"")
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
