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
    assert fault.startswith("strings: 'hls' is none of rtmp, ")
