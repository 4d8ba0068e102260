from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import served as _served


@pytest.mark.parametrize(
    ("path", "stream"),
    [
        ("/LiveApp/streams/stream1.m3u8", "stream1"),
        ("/LiveApp/streams/cam_1.m3u8", "cam_1"),
        ("/LiveApp/streams/cam_1_adaptive.m3u8", "cam_1"),
        ("/LiveApp/streams/cam_240p.m3u8", "cam"),
        ("/LiveApp/streams/cam_1/cam_1.mpd", "cam_1"),
        ("/LiveApp/streams/stream1.mp4", "stream1"),
        ("/LiveApp/streams/cam_1.mp4", "cam"),
        ("/LiveApp/streams/cam_1_1.mp4", "cam_1"),
        ("/LiveApp/streams/cam-2024-01-02_03-04-05.678.mp4", "cam"),
        ("/LiveApp/streams/cam_480p500kbps.mp4", "cam"),
        ("/LiveApp/streams/a/b/stream1.webm", "stream1"),
        ("/LiveApp/streams/mpd-cam.m3u8", "/mpd-cam.m3u8"),
        ("/LiveApp/streams/cam__x.m3u8", "cam"),
        ("/LiveApp/streams/chunked.m3u8", None),
        ("/LiveApp/streams/film.mov", None),
        ("/LiveApp/streams", None),
        ("/LiveApp/streams/drm/stream1/x.mpd", "stream1"),
    ],
)
def test_as_the_server_reads_it(path, stream):
    assert _served.stream_of(path) == stream


@pytest.mark.parametrize(
    ("path", "version", "stream"),
    [
        ("cam/cam.mpd", (2, 5, 3), None),
        ("cam/cam.mpd", (2, 6, 0), "cam"),
        ("sub/cam.m3u8", (2, 4, 3), "sub/cam"),
        ("sub/cam.m3u8", (2, 5, 0), "cam"),
        ("cam_720p.m3u8", (2, 4, 3), "cam_720p"),
        ("cam_720p.m3u8", (2, 5, 0), "cam"),
        ("ll-hls/cam/cam__master.m3u8", (2, 10, 1), "cam__master"),
        ("ll-hls/cam/cam__master.m3u8", (2, 11, 0), "cam"),
        ("cam__720p2000kbps.m3u8", (2, 13, 2), "cam"),
        ("cam__720p2000kbps.m3u8", (2, 14, 0), "cam_"),
        ("drm/cam/x.m3u8", (2, 15, 0), "x"),
        ("drm/cam/x.m3u8", (2, 16, 0), "cam"),
        ("chunked.m3u8", (2, 5, 3), "chunked"),
        ("chunked.m3u8", (2, 6, 0), None),
    ],
)
def test_as_older_servers_read_it(path, version, stream):
    assert _served.stream_of(f"/LiveApp/streams/{path}", version) == stream


def test_mismatches():
    assert _served.mismatches("LiveApp", "stream1") == {}
    assert _served.mismatches("LiveApp", "cam_1") == {"vod": "cam", "vod_webm": "cam"}
    assert _served.mismatches("LiveApp", "cam", "cam_3.mp4") == {}
    assert set(_served.mismatches("LiveApp", "mpd")) == {
        *("hls", "hls_adaptive", "ll_hls", "vod", "vod_webm")
    }
    assert "hls" in _served.mismatches("streams", "stream1")
