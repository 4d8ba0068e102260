from __future__ import annotations

import struct

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    rtmp_server as _server,
    rtmp_session as _session,
    rtmp_words as _words,
    token as _token,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
)

from tests.kit.rtmp_gate import (
    ADDRESS,
    CLIENT_HELLO,
    CLIENT_REPLY,
    GOOD,
    SERVER_HELLO,
    Rules,
    Talk,
    chunk_size,
    command,
)

PUBLISH = f"s1?token={GOOD}"
META = _amf0.encode("@setDataFrame", "onMetaData", {"width": 1280.0})
REFUSED = "NetStream.Publish.BadName"
SUCCESS = "NetConnection.Connect.Success"


def message(kind, payload, stream=1, time=0, channel=6):
    return _chunks.pack(channel, kind, stream, payload, time=time)


def control(event, number, more=b""):
    return _chunks.pack(2, _chunks.CONTROL, 0, struct.pack(">HI", event, number) + more)


def on_air(name=PUBLISH, **options):
    talk = Talk(**options)
    talk.open(name=name)
    assert talk.session.phase == _session.ON_AIR
    return talk


def ended(talk, why):
    session = talk.session
    return (session.phase, session.why) == (_session.ENDED, why)


# --- how a publisher is let in ---


def test_the_greeting_is_answered_in_its_time():
    talk = Talk(greet=False)
    talk.say(CLIENT_HELLO[:-1])
    assert not talk.heard and talk._downstream is None
    talk.say(CLIENT_HELLO[-1:])
    assert talk._downstream is not None
    talk.say(CLIENT_REPLY[:-1])
    assert talk.session.phase == _session.GREETING
    # What follows at once is taken, too.
    talk.say(CLIENT_REPLY[-1:] + command(0, "connect", 1.0, {"app": "LiveApp"}))
    assert talk.session.phase == _session.ASKING


def test_another_protocol_gets_no_answer():
    for start in (b"GET / HTTP/1.1", b"\x06", b"\x16\x03\x01"):
        talk = Talk(greet=False)
        talk.say(start)
        assert ended(talk, "no RTMP")
        assert talk._downstream is None


def test_the_server_hears_of_a_publisher_only_when_he_is_let_in():
    talk = Talk()
    talk.open()
    talk.say(command(0, "releaseStream", 4.0, None, "s1"), command(0, "FCPublish", 5.0, None, "s1"))
    assert talk.statuses == [SUCCESS]
    assert talk.session.server is None and not talk.raw
    talk.say(command(1, "publish", 6.0, None, PUBLISH, "live"))
    assert [
        (ask.direction, ask.app, ask.stream, ask.token, ask.address, ask.via)
        for ask in talk.rules.asked
    ] == [("publish", "LiveApp", "s1", GOOD, ADDRESS, "rtmp")]
    size = struct.pack(">I", _server.CHUNK_SIZE)
    about = {
        "app": "LiveApp",
        "type": "nonprivate",
        "flashVer": "FMLE/3.0 (compatible; Streamward)",
        "tcUrl": "rtmp://127.0.0.1/LiveApp",
    }
    assert talk.raw[:1] == b"\x03"
    assert talk.told == [
        (0, ["connect", 1.0, about]),
        (0, ["createStream", 2.0, None]),
        (1, ["publish", 0.0, None, PUBLISH, "live"]),
    ]
    assert talk._upstream.size == int.from_bytes(size, "big")


def test_what_the_gate_says_first():
    talk = Talk()
    talk.connect()
    kinds = [entry.kind if isinstance(entry, _chunks.Message) else entry for entry in talk.heard]
    assert kinds[:3] == [_chunks.WINDOW, _chunks.BANDWIDTH, _chunks.CONTROL]
    assert talk._downstream.size == _words.CHUNK_SIZE
    stream, (name, number, about, status) = talk.heard[-1]
    assert (stream, name, number, status["objectEncoding"]) == (0, "_result", 1.0, 0.0)
    assert about["capabilities"] == 31.0


@pytest.mark.parametrize(
    ("app", "name"), [("LiveApp", f"s1/{GOOD}"), ("LiveApp/s1", GOOD), ("LiveApp/", PUBLISH)]
)
def test_every_form_of_a_name_is_told_in_one(app, name):
    talk = Talk()
    talk.open(app, name)
    assert talk.told[0][1][2]["app"] == "LiveApp"
    assert talk.told[-1][1][3:] == [PUBLISH, "live"]


@pytest.mark.parametrize("name", ["s1", "s1?token=bad", "s1/bad", f"s1/{GOOD}?token={GOOD}", ""])
def test_refused(name):
    talk = Talk()
    talk.open(name=name)
    stream, (what, _number, _none, status) = talk.heard[-1]
    assert (stream, what, status) == (
        1,
        "onStatus",
        {
            "level": "error",
            "code": REFUSED,
            "description": "You are not allowed to publish the stream.",
            "details": name[:2],
        },
    )
    assert not talk.raw and talk.session.phase == _session.ASKING


def test_two_tokens_are_asked_as_two():
    talk = Talk()
    talk.open(name=f"s1?token={GOOD}&token={GOOD}")
    assert talk.rules.asked[0].token == _token.SEVERAL


def test_a_name_that_is_none_is_noted_without_its_token():
    talk = Talk()
    talk.open(name=f"s1?x={{&token={GOOD}")
    ((ask, reason),) = talk.rules.refused
    assert (ask.app, ask.stream, ask.token, reason) == (
        "LiveApp",
        "s1",
        None,
        "no parameter's form",
    )


def test_after_a_refusal_he_may_try_again_but_not_for_ever():
    talk = Talk()
    talk.open(name="s1?token=bad")
    talk.say(command(1, "publish", 4.0, None, PUBLISH, "live"))
    assert talk.session.phase == _session.ON_AIR
    talk = Talk()
    talk.open(name="s1?token=bad")
    for _each in range(3):
        assert talk.session.phase == _session.ASKING
        talk.say(command(1, "publish", 4.0, None, "s1?token=bad", "live"))
    assert ended(talk, "refused")
    assert talk.statuses == [SUCCESS] + [REFUSED] * 4


@pytest.mark.parametrize("app", ["WebRTCApp", "liveapp", "LiveApp?x", "LiveApp/../events", ""])
def test_applications_that_there_are_not(app):
    talk = Talk()
    talk.connect(app)
    assert ended(talk, "refused")
    assert talk.heard[-1][1][:2] == ["_error", 1.0]
    assert talk.statuses == ["NetConnection.Connect.Rejected"]


def test_an_application_that_the_url_does_not_name():
    talk = Talk()
    talk.connect(tcUrl="rtmp://x/events")
    assert ended(talk, "refused")
    assert [reason for _ask, reason in talk.rules.refused] == ["another application in tcUrl"]


def test_an_address_that_is_outside_is_refused_whatever_it_shows():
    rules = Rules()
    rules.outside.add(ADDRESS)
    talk = Talk(rules)
    talk.open(name=PUBLISH)
    assert talk.statuses == [SUCCESS, REFUSED]
    assert not rules.asked and not talk.raw


@pytest.mark.parametrize("mode", ["record", "append", "LIVE", 1.0, None])
def test_only_live(mode):
    talk = Talk()
    talk.open()
    talk.say(command(1, "publish", 3.0, None, PUBLISH, mode))
    assert (talk.session.phase == _session.ON_AIR) == (mode is None)


def test_a_publisher_who_leaves_the_mode_out():
    talk = Talk()
    talk.open()
    talk.say(command(1, "publish", 3.0, None, PUBLISH))
    assert talk.told[-1][1][3:] == [PUBLISH, "live"]


# --- what the collection's own question needs ---


def test_a_stream_that_was_never_made_is_decided_and_asked_as_it_is():
    talk = Talk()
    talk.connect()
    talk.say(
        command(7, "publish", 2.0, None, PUBLISH, "live") + command(7, "createStream", 3.0, None)
    )
    assert talk.told[1:] == [
        (7, ["publish", 0.0, None, PUBLISH, "live"]),
        (7, ["createStream", 2.0, None]),
    ]
    assert talk.heard[-1] == (0, ["_result", 3.0, None, 1.0])
    talk.say(message(_chunks.VIDEO, b"x", 7))
    assert len(talk.told) == 3


def test_a_stream_that_was_never_made_is_refused():
    talk = Talk()
    talk.connect()
    talk.say(command(7, "publish", 2.0, None, "s1", "live"))
    assert talk.heard[-1][0] == 7 and talk.statuses[-1] == REFUSED
    assert not talk.raw


# --- on air ---


def test_what_a_stream_is_made_of_goes_on():
    talk = on_air()
    del talk.told[:]
    talk.say(
        message(_chunks.DATA, META, channel=4)
        + message(_chunks.AUDIO, b"a" * 300, time=5, channel=5)
        + message(_chunks.VIDEO, b"v" * 70_000, time=7)
        + message(_chunks.VIDEO, b"", time=0x1000000)
        + message(_chunks.AUDIO, b"", time=0xFFFFFFFF)
    )
    assert talk.told == [
        (_chunks.DATA, 1, 0, META),
        (_chunks.AUDIO, 1, 5, b"a" * 300),
        (_chunks.VIDEO, 1, 7, b"v" * 70_000),
        (_chunks.VIDEO, 1, 0x1000000, b""),
        (_chunks.AUDIO, 1, 0xFFFFFFFF, b""),
    ]


def test_kinds_of_message_have_channels_of_their_own():
    talk = on_air()
    _number, lanes = talk.session.server.lanes(1)
    assert len(set(lanes.values())) == 3 and min(lanes.values()) > 8


def test_streams_have_the_servers_numbers_there_and_the_clients_here():
    talk = Talk()
    talk._made = 4
    talk.open()
    talk.say(command(0, "createStream", 3.0, None))
    talk.say(command(2, "publish", 4.0, None, PUBLISH, "live"), message(_chunks.VIDEO, b"v", 2))
    assert talk.told[-2][0] == 6
    assert talk.told[-1] == (_chunks.VIDEO, 6, 0, b"v")
    talk.server_says(
        command(6, "onStatus", 0.0, None, {"code": "NetStream.Publish.Start"}, size=128)
    )
    assert talk.heard[-1][0] == 2
    talk.server_says(control(0, 6) + control(0, 9) + control(3, 5, b"\0\0\0\1"))
    events = [entry.payload for entry in talk.heard if not isinstance(entry[1], list)][-2:]
    assert events == [b"\0\0\0\0\0\2", b"\0\3\0\0\0\1\0\0\0\1"]


def test_several_publishers_on_one_connection_are_decided_each():
    talk = on_air()
    talk.say(command(0, "createStream", 4.0, None))
    talk.say(command(2, "publish", 5.0, None, "s2?token=bad", "live"))
    assert talk.statuses[-1] == REFUSED
    talk.say(message(_chunks.VIDEO, b"x", 2))
    assert talk.names == ["connect", "createStream", "publish", "createStream"]
    talk.say(command(2, "publish", 6.0, None, f"s2?token={GOOD}", "live"))
    talk.say(message(_chunks.VIDEO, b"x", 2))
    assert [ask.stream for ask in talk.rules.asked] == ["s1", "s2", "s2"]
    assert talk.told[-1] == (_chunks.VIDEO, 2, 0, b"x")
    assert [ask.stream for ask in talk.session.allowed()] == ["s1", "s2"]


def test_no_second_stream_in_the_place_of_one():
    talk = on_air()
    talk.say(command(1, "publish", 5.0, None, f"s2?token={GOOD}", "live"))
    assert ended(talk, "a second stream in the place of one")
    talk = on_air()
    talk.say(command(1, "play", 5.0, None, f"s2?token={GOOD}"))
    assert ended(talk, "a second stream in the place of one")


def test_a_stream_that_the_server_has_not_made_yet():
    talk = on_air()
    talk.answers = False
    talk.say(command(0, "createStream", 4.0, None))
    talk.say(command(2, "publish", 5.0, None, PUBLISH, "live"))
    assert ended(talk, "a stream that is not there yet")


def test_after_its_end_a_stream_can_be_published_again():
    talk = on_air()
    talk.say(command(1, "closeStream", 0.0, None), message(_chunks.VIDEO, b"late"))
    assert talk.told[-1] == (1, ["closeStream", 0.0, None])
    assert talk.session.allowed() == []
    talk.say(command(1, "publish", 5.0, None, "s2?token=bad", "live"), message(_chunks.VIDEO, b"x"))
    assert talk.told[-1] == (1, ["closeStream", 0.0, None])
    talk.say(command(1, "publish", 6.0, None, PUBLISH, "live"), message(_chunks.VIDEO, b"y"))
    assert talk.told[-1] == (_chunks.VIDEO, 1, 0, b"y")


def test_publish_false_is_an_end():
    talk = on_air()
    talk.say(command(1, "publish", 0.0, None, False))
    assert talk.told[-1] == (1, ["closeStream", 0.0, None])


def test_a_stream_that_is_no_more():
    talk = on_air()
    talk.say(command(0, "FCUnpublish", 4.0, None, "s1"), command(0, "deleteStream", 5.0, None, 1.0))
    assert talk.told[-1] == (0, ["deleteStream", 0.0, None, 1.0])
    told = len(talk.told)
    talk.say(message(_chunks.VIDEO, b"late"), command(0, "deleteStream", 6.0, None, 1.0))
    talk.say(command(0, "deleteStream", 6.0, None), command(0, "deleteStream", 6.0, None, "1"))
    talk.say(command(0, "deleteStream", 6.0, None, -1.0), command(1, "closeStream", 0.0, None))
    assert len(talk.told) == told and talk.session.phase == _session.ON_AIR


def test_streams_before_anything_is_allowed_can_be_given_up():
    talk = Talk()
    talk.open()
    talk.say(command(0, "deleteStream", 4.0, None, 1.0), command(0, "createStream", 5.0, None))
    talk.say(command(2, "publish", 6.0, None, PUBLISH, "live"), message(_chunks.AUDIO, b"a", 2))
    assert talk.names == ["connect", "createStream", "publish"]
    assert talk.told[-1] == (_chunks.AUDIO, 1, 0, b"a")


@pytest.mark.parametrize("count", [8, 9])
def test_not_too_many_streams(count):
    talk = Talk()
    talk.connect()
    for number in range(count):
        talk.say(command(0, "createStream", 2.0 + number, None))
    assert ended(talk, "too many streams") == (count == 9)


# --- data about a stream ---


@pytest.mark.parametrize(
    ("payload", "goes_on"),
    [
        (_amf0.encode("onMetaData", {"a": 1.0}), True),
        (_amf0.encode("@setDataFrame", "onMetaData", {}), True),
        (_amf0.encode("@clearDataFrame", "onMetaData"), True),
        (_amf0.encode("onTextData", {}), True),
        (_amf0.encode("publish", 1.0, None, "s2"), False),
        (_amf0.encode("@setDataFrame", "publish", {}), False),
        (_amf0.encode("@setDataFrame"), False),
        (_amf0.encode("@setDataFrame", "@setDataFrame", "onMetaData"), False),
        (_amf0.encode(1.0), False),
        (_amf0.encode({}), False),
        (b"", False),
        (_amf0.encode("onMetaData") + b"\x10\x00\x01x\x00\x00\x09", False),
        (_amf0.encode("onMetaData") + b"\x11\x0a", False),
        (_amf0.encode("onMetaData", "x" * 65536), False),
    ],
)
def test_data(payload, goes_on):
    talk = on_air()
    told = len(talk.told)
    talk.say(message(_chunks.DATA, payload))
    talk.say(message(_chunks.DATA3, b"\0" + payload))
    assert talk.told[told:] == [(_chunks.DATA, 1, 0, payload)] * (2 * goes_on)
    talk.say(message(_chunks.DATA3, b"\x11" + payload))
    talk.say(message(_chunks.DATA, payload, 0))
    assert len(talk.told) == told + 2 * goes_on
    assert talk.session.phase == _session.ON_AIR


def tag(kind, payload, time, back=None):
    length = len(payload).to_bytes(3, "big")
    head = bytes((kind,)) + length + (time & 0xFFFFFF).to_bytes(3, "big") + bytes((time >> 24,))
    return head + bytes(3) + payload + (len(payload) + 11).to_bytes(4, "big")


def test_several_messages_in_one():
    talk = on_air()
    del talk.told[:]
    whole = tag(9, b"v1", 0x1000100) + tag(8, b"a1", 0x1000105) + tag(18, META, 0x1000106)
    talk.say(message(_chunks.AGGREGATE, whole, time=50))
    assert talk.told == [
        (_chunks.VIDEO, 1, 50, b"v1"),
        (_chunks.AUDIO, 1, 55, b"a1"),
        (_chunks.DATA, 1, 56, META),
    ]
    talk.say(message(_chunks.AGGREGATE, b""))
    assert len(talk.told) == 3


@pytest.mark.parametrize(
    "whole",
    [
        tag(20, _amf0.encode("publish", 1.0, None, "s2"), 0),
        tag(22, tag(9, b"x", 0), 0),
        tag(9, b"v1", 0)[:-1],
        tag(9, b"v1", 0)[:10],
        tag(9, b"v1", 0) + b"\0",
        b"\x09\xff\xff\xff" + bytes(20),
    ],
)
def test_several_messages_in_one_that_are_none(whole):
    talk = on_air()
    talk.say(message(_chunks.AGGREGATE, whole))
    assert talk.session.phase == _session.ENDED


def test_several_messages_in_one_before_anything_is_allowed():
    talk = Talk()
    talk.open()
    talk.say(message(_chunks.AGGREGATE, tag(9, b"x", 0)))
    assert ended(talk, "media before anything was allowed")


# --- what is not on the list, or not in its place ---


@pytest.mark.parametrize(
    "name", ["publish", "createStream", "play", "releaseStream", "deleteStream", "_checkbw", "x"]
)
def test_nothing_before_connect(name):
    talk = Talk()
    talk.say(command(0, name, 1.0, None, PUBLISH, "live"))
    assert ended(talk, "a command in the wrong place")
    assert talk._downstream is not None and not talk.heard


@pytest.mark.parametrize("name", [None, PUBLISH])
def test_one_connect(name):
    talk = Talk()
    talk.open(name=name)
    talk.say(command(0, "connect", 1.0, {"app": "events"}))
    assert ended(talk, "a command in the wrong place")


@pytest.mark.parametrize("name", [None, PUBLISH])
@pytest.mark.parametrize(
    "values",
    [
        ("PUBLISH", 1.0, None, "s2", "live"),
        ("a.publish", 1.0, None, "s2", "live"),
        ("@publish", 1.0, None, "s2", "live"),
        ("|publish", 1.0, None, "s2", "live"),
        ("play2", 1.0, None, {}),
        ("initStream", 1.0, None),
        ("FCPublish ", 1.0, None),
        ("pauseRaw", 1.0, None, True, 0.0),
        ("", 1.0),
    ],
)
def test_commands_that_are_not_on_the_list(name, values):
    talk = Talk()
    talk.open(name=name)
    told = len(talk.told)
    talk.say(command(1, *values))
    assert ended(talk, "a command that is not on the list")
    talk.say(command(1, "publish", 1.0, None, PUBLISH, "live"))
    assert len(talk.told) == told


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        _amf0.encode("publish"),
        _amf0.encode(1.0, 1.0),
        _amf0.encode("createStream", "1"),
        _amf0.encode("createStream", None),
        _amf0.encode("createStream", True),
        _amf0.encode("createStream", -1.0),
        _amf0.encode("createStream", float("nan")),
        _amf0.encode("createStream", float("inf")),
    ],
)
def test_what_is_no_command(payload):
    talk = Talk()
    talk.connect()
    talk.say(message(_chunks.COMMAND, payload))
    assert ended(talk, "no command")


def test_a_command_that_cannot_be_read_is_not_quoted():
    talk = Talk()
    talk.connect()
    talk.say(message(_chunks.COMMAND, _amf0.encode("createStream", 1.0) + b"\x02\x00\x09SECRET"))
    assert ended(talk, "no AMF0")


@pytest.mark.parametrize("kind", [0, 7, 10, 16, 19, 21, 23, 255])
@pytest.mark.parametrize("name", [None, PUBLISH])
def test_kinds_of_message_that_are_not_on_the_list(kind, name):
    talk = Talk()
    talk.open(name=name)
    talk.say(message(kind, b"\0" * 20))
    assert ended(talk, "a kind of message that is not on the list")


@pytest.mark.parametrize("kind", [_chunks.AUDIO, _chunks.VIDEO, _chunks.DATA, _chunks.DATA3])
def test_no_media_before_anything_is_allowed(kind):
    talk = Talk()
    talk.open()
    talk.say(message(kind, META))
    assert ended(talk, "media before anything was allowed")


def test_commands_in_the_envelope_of_amf3():
    talk = Talk()
    talk.connect()
    for number, values in enumerate(
        [("createStream", 2.0, None), ("publish", 3.0, None, PUBLISH, "live")]
    ):
        talk.say(message(_chunks.COMMAND3, b"\0" + _amf0.encode(*values), number))
    assert talk.told[-1] == (1, ["publish", 0.0, None, PUBLISH, "live"])
    talk = Talk()
    talk.connect()
    talk.say(message(_chunks.COMMAND3, b"\x11" + _amf0.encode("createStream", 2.0)))
    assert ended(talk, "a command in AMF3")


def test_what_was_ended_stays_so():
    talk = Talk()
    talk.connect()
    talk.session.end("x")
    talk.say(command(1, "publish", 3.0, None, PUBLISH, "live"))
    talk.server_says(SERVER_HELLO)
    talk.session.server_lost()
    talk.session.end("y")
    assert ended(talk, "x") and not talk.raw and not talk.session.reads


# --- play ---


def test_a_player_is_asked_for_his_token():
    talk = Talk()
    talk.open(name=PUBLISH, what="play")
    assert [(ask.direction, ask.stream) for ask in talk.rules.asked] == [("play", "s1")]
    assert talk.told[-1] == (1, ["play", 0.0, None, "s1", -2.0])
    for name, values in {
        "pause": (True, 1000.0),
        "seek": (5.0,),
        "receiveAudio": (False,),
        "receiveVideo": (True,),
    }.items():
        talk.say(command(1, name, 0.0, None, *values))
        assert talk.told[-1] == (1, [name, 0.0, None, *values])
    talk.server_says(
        _chunks.pack(4, 9, 1, b"v" * 500, 128, 99) + _chunks.pack(6, 18, 1, META, 128, 100)
    )
    assert talk.heard[-2:] == [(9, 1, 99, b"v" * 500), (18, 1, 100, META)]


def test_a_player_is_told_the_rest_anew():
    talk = Talk()
    talk.open()
    talk.say(command(1, "play", 3.0, None, PUBLISH, -1.0, {"x": 1.0}, True, "more", 5.0))
    assert talk.told[-1][1] == ["play", 0.0, None, "s1", -1.0, True]


@pytest.mark.parametrize(("name", "play"), [("s1", True), (PUBLISH, False), ("s1/bad", True)])
def test_a_player_is_refused(name, play):
    talk = Talk(Rules(play=play))
    talk.open(name=name, what="play")
    status = talk.heard[-1][1][3]
    assert status["code"] == REFUSED
    assert status["description"] == "You are not allowed to play the stream due to security."
    assert not talk.raw


def test_a_player_sends_nothing():
    talk = Talk()
    talk.open(name=PUBLISH, what="play")
    told = len(talk.told)
    talk.say(message(_chunks.VIDEO, b"x"), message(_chunks.DATA, META))
    assert len(talk.told) == told


@pytest.mark.parametrize("name", ["pause", "seek", "receiveAudio", "receiveVideo"])
def test_who_does_not_play_steers_nothing(name):
    for talk in (Talk(), Talk()):
        talk.open(name=PUBLISH)
        told = len(talk.told)
        talk.say(command(1, name, 0.0, None, 1.0), command(5, name, 0.0, None, 1.0))
        assert len(talk.told) == told
    talk = Talk()
    talk.open()
    talk.say(command(1, name, 0.0, None, 1.0))
    assert not talk.raw and talk.session.phase == _session.ASKING


# --- the protocol itself ---


def test_pings_either_way():
    talk = Talk()
    talk.connect()
    talk.say(control(6, 77))
    assert talk.heard[-1].payload == struct.pack(">HI", 7, 77)
    talk.say(control(7, 78))
    assert not talk.raw
    talk = on_air()
    talk.server_says(control(6, 79))
    assert talk.heard[-1].payload == struct.pack(">HI", 6, 79)
    talk.say(control(7, 79))
    assert talk.told[-1] == (_chunks.CONTROL, 0, 0, struct.pack(">HI", 7, 79))


@pytest.mark.parametrize("event", [0, 1, 2, 3, 4, 5, 8, 26, 27, 31, 32, 65535])
def test_other_events_go_nowhere(event):
    talk = on_air()
    told, heard = len(talk.told), len(talk.heard)
    talk.say(control(event, 1, b"\0\0\0\1"))
    assert (len(talk.told), len(talk.heard)) == (told, heard)


@pytest.mark.parametrize(("kind", "payload"), [(4, b"\0\6\0"), (5, b"\0"), (5, b"")])
def test_cut_messages(kind, payload):
    talk = on_air()
    talk.say(_chunks.pack(2, kind, 0, payload))
    assert ended(talk, "a cut message")


def acknowledged(entries):
    return [
        int.from_bytes(entry.payload, "big")
        for entry in entries
        if not isinstance(entry[1], list) and entry.kind == _chunks.ACKNOWLEDGEMENT
    ]


def test_the_client_hears_how_much_came():
    talk = on_air()
    for _each in range(20):
        talk.say(message(_chunks.VIDEO, bytes(200_000)))
    received = talk.session._reader.received
    found = acknowledged(talk.heard)
    assert found and received - found[-1] < _words.WINDOW
    assert all(later - sooner <= _words.WINDOW for sooner, later in zip([0, *found], found))
    talk = on_air()
    talk.say(_chunks.pack(2, _chunks.WINDOW, 0, struct.pack(">I", 20_000)))
    talk.say(*[message(_chunks.VIDEO, bytes(3000)) for _each in range(20)])
    assert len(acknowledged(talk.heard)) in (5, 6)


def test_a_window_of_nothing_is_no_flood():
    talk = on_air()
    talk.say(_chunks.pack(2, _chunks.WINDOW, 0, bytes(4)))
    talk.say(*[message(_chunks.VIDEO, bytes(300)) for _each in range(70)])
    assert len(acknowledged(talk.heard)) < 15


def test_the_server_hears_how_much_came():
    talk = Talk()
    talk.open(name=PUBLISH, what="play")
    talk.server_says(_chunks.pack(2, _chunks.WINDOW, 0, struct.pack(">I", 20_000)))
    for _each in range(20):
        talk.server_says(_chunks.pack(4, 9, 1, bytes(3000), 128))
    assert len(acknowledged(talk.told)) in (5, 6)


def test_acknowledgements_and_bandwidths_change_nothing():
    talk = on_air()
    told = len(talk.told)
    talk.say(_chunks.pack(2, 3, 0, bytes(4)), _chunks.pack(2, 6, 0, bytes(5)))
    assert len(talk.told) == told and talk.session.phase == _session.ON_AIR


def test_sizes_of_chunks_both_ways():
    talk = on_air()
    for size in (128, 5000, 1 << 24, 0x7FFFFFFF):
        talk.say(chunk_size(size))
        talk.say(_chunks.pack(6, 9, 1, b"v" * 300_000, size))
        talk.server_says(chunk_size(min(size, 0xFFFFFF)))
        talk.server_says(_chunks.pack(6, 9, 1, b"w" * 300_000, size))
        assert talk.told[-1].payload == b"v" * 300_000
        assert talk.heard[-1].payload == b"w" * 300_000
    talk.say(chunk_size(127))
    assert ended(talk, "a size of chunks that is none")


# --- bounds ---


def test_not_much_before_anything_is_allowed():
    limits = _session.Limits()
    talk = Talk()
    talk.connect()
    for _each in range(limits.early):
        talk.say(control(6, 1) * 10)
        if talk.session.phase == _session.ENDED:
            break
    assert ended(talk, "too much before anything was allowed")
    assert talk.session._reader.received < limits.early + 1000


def test_no_long_message_before_anything_is_allowed():
    for size, broken in ((16 << 10, False), ((16 << 10) + 1, True)):
        talk = Talk()
        talk.connect()
        talk.say(_chunks.header(8, _chunks.COMMAND, 0, 0, size))
        talk.say(b"x" * 4000)
        assert ended(talk, "too many bytes of messages") == broken


def test_no_longer_message_than_the_server_takes():
    for size, broken in ((3 << 20, False), ((3 << 20) + 1, True)):
        talk = on_air()
        talk.say(_chunks.header(6, _chunks.VIDEO, 1, 0, size) + b"x" * 4096)
        assert ended(talk, "too many bytes of messages") == broken


def test_nothing_is_read_while_the_server_is_waited_for():
    talk = Talk(answers=False)
    talk.open()
    more = command(0, "createStream", 9.0, None)
    talk.say(command(1, "publish", 3.0, None, PUBLISH, "live") + message(9, b"v") + more)
    assert talk.session.phase == _session.WAITING and not talk.session.reads
    heard = len(talk.heard)
    talk.say(message(9, b"w"))
    assert (talk.names, len(talk.heard)) == ([], heard)
    assert talk.session.held > 0
    talk.answers = True
    talk.server_says(SERVER_HELLO)
    # The hello's answer brings all the rest.
    assert talk.session.phase == _session.ON_AIR
    assert [entry.payload for entry in talk.told if not isinstance(entry[1], list)] == [b"v", b"w"]
    assert talk.heard[-1] == (0, ["_result", 9.0, None, 2.0])


# --- a server that does not do its part ---


def test_a_server_that_is_not_there():
    talk = Talk(answers=False)
    talk.open(name=PUBLISH)
    talk.session.server_lost()
    talk._settle()
    assert ended(talk, "the server hung up")
    assert talk.statuses == [SUCCESS, "NetStream.Failed"] and talk.heard[-1][0] == 1


def test_a_server_that_goes():
    talk = on_air()
    talk.session.server_lost()
    talk._settle()
    assert ended(talk, "the server hung up") and talk.statuses == [SUCCESS]


@pytest.mark.parametrize(
    "answer",
    [
        command(0, "_error", 1.0, None, {"code": "NetConnection.Connect.Rejected"}, size=128),
        command(0, "_error", 1.0, None, 1.0, size=128),
        command(0, "_result", 1.0, None, {}, size=128)
        + command(0, "_error", 2.0, None, {}, size=128),
        command(0, "_result", 1.0, None, {}, size=128) + command(0, "_result", 2.0, size=128),
        command(0, "_result", 1.0, None, {}, size=128) + command(0, "_result", 2.0, None, "1"),
    ],
)
def test_a_server_that_refuses(answer):
    talk = Talk(answers=False)
    talk.open(name=PUBLISH)
    talk.server_says(SERVER_HELLO + answer)
    assert ended(talk, "the server refused the connection")
    assert talk.statuses[-1] == "NetStream.Failed"


def test_a_server_that_answers_what_was_not_asked():
    talk = on_air()
    heard = len(talk.heard)
    talk.server_says(
        command(0, "_result", 99.0, None, 5.0, size=128) + command(0, "_result", size=128)
    )
    assert len(talk.heard) == heard and talk.session.phase == _session.ON_AIR


def test_a_server_that_talks_nonsense():
    talk = on_air()
    talk.server_says(b"\xff" * 50)
    assert talk.session.phase == _session.ENDED


def test_the_greeting_of_a_server_comes_in_pieces():
    talk = Talk(answers=False)
    talk.open(name=PUBLISH)
    for start in range(0, len(SERVER_HELLO), 1000):
        talk.server_says(SERVER_HELLO[start : start + 1000])
    assert talk.names == ["connect"]
    talk.server_says(command(0, "_result", 1.0, None, {}, size=128))
    talk.server_says(command(0, "_result", 2.0, None, 1.0, size=128))
    assert talk.session.phase == _session.ON_AIR


def test_words_of_the_server_reach_the_client_as_they_are():
    talk = on_air()
    status = {"code": "NetStream.Publish.Start", "details": "s1"}
    talk.server_says(command(1, "onStatus", 0.0, None, status, size=128))
    assert talk.heard[-1] == (1, ["onStatus", 0.0, None, status])
