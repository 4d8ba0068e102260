from __future__ import annotations

from tests.kit.token_tasks import (
    Edge,
    faults,
    mint_one,
    stream,
)


def test_warnings():
    edge = Edge()
    stream(edge, lifetime="none", strings=["obs_key"])
    assert edge.warnings == ["the token never expires: it works until its secret is rotated"]
    edge = Edge()
    stream(edge, stream="cam_1", type="play", strings=["hls", "vod"])
    (text,) = edge.warnings
    assert text.startswith(
        "vod: the server takes the file's name for that of stream 'cam', not 'cam_1'"
    )
    edge = Edge()
    stream(edge, strings=["rtmp"])
    assert "some cameras take 128" in edge.warnings[0]


def test_editions_and_versions():
    args = {"app": "LiveApp", "stream": "s", "type": "play", "edition": "community"}
    assert "Community edition does not check" in faults(mint_one, **args)[0]
    edge = Edge({"antmedia_unenforceable": "warn"})
    assert mint_one(edge, **args, strings=[])["token"]
    assert "Community edition" in edge.warnings[0]
    assert "2.5.0" in faults(mint_one, realm="management", version="2.4.3")[0]
    assert "whip" not in stream(version="2.9.0")["strings"]
    assert "such as 2.17.1" in faults(mint_one, version="new", realm="management")[0]


def test_strings_by_name():
    assert list(stream(strings=["srt", "rtmp"])["strings"]) == ["srt", "rtmp"]
    assert stream(strings=[])["strings"] == {}
    (fault,) = faults(mint_one, strings=["hls"], app="LiveApp", stream="s", type="publish")
    assert fault.startswith("strings: 'hls' is not one of rtmp, ")


def test_tokens_for_rooms():
    edge = Edge()
    stream(edge, room="room1", strings=[])
    assert edge.warnings[0].startswith("for a room the vendor describes a token to publish")
    edge = Edge()
    stream(edge, stream="room1", room="room1", strings=[])
    assert edge.warnings == []


def test_strings_that_there_are_not():
    play = {"app": "LiveApp", "stream": "s", "type": "play"}
    found = faults(mint_one, strings=["whep", "ll_hls", "hls", "x"], version="2.10.0", **play)
    assert [fault.split(":")[1].strip() for fault in found[:2]] == ["whep", "ll_hls"]
    assert "it came with 2.11.0" in found[1]
    assert found[2].startswith("strings: 'x' is not one of hls, ")
    (fault,) = faults(mint_one, strings=["all", "rtmp_play"], version="2.6.1", **play)
    assert "asks for no token" in fault
    made = mint_one(strings=["rtmp_play", "ll_hls", "dash"], version="2.17.1", **play)["strings"]
    assert list(made) == ["rtmp_play", "ll_hls", "dash"]


def test_one_quality():
    play = {"app": "LiveApp", "stream": "s", "type": "play"}
    made = mint_one(strings=["hls_quality"], quality="720p2000kbps", **play)["strings"]
    assert "/streams/s_720p2000kbps.m3u8?token=" in made["hls_quality"]
    assert "quality: 'hd' is none" in faults(mint_one, quality="hd", **play)[0]


def test_strings_with_the_same_fault_are_told_in_one():
    edge = Edge()
    stream(edge, stream="cam_1", type="play", strings=["vod", "vod_webm"])
    (text,) = edge.warnings
    assert text.startswith("vod, vod_webm: the server takes the file's name")
    edge = Edge()
    stream(edge, stream="a__b", type="play", strings=["hls"], version="2.6.1")
    assert edge.warnings == []
    stream(edge, stream="a__b", type="play", strings=["hls"], version="2.11.0")
    assert "stream 'a'" in edge.warnings[0]
