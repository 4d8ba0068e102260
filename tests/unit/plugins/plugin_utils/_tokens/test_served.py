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


def test_mismatches():
    assert _served.mismatches("LiveApp", "stream1") == {}
    assert _served.mismatches("LiveApp", "cam_1") == {"vod": "cam"}
    assert _served.mismatches("LiveApp", "cam", "cam_3.mp4") == {}
    assert set(_served.mismatches("LiveApp", "mpd")) == {"hls", "hls_adaptive", "vod"}
    assert "hls" in _served.mismatches("streams", "stream1")
