from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    texts as _texts,
)


def reads(name, kind=_catalogue.APP):
    return _catalogue.by_name(kind, name).reads


FIT = {
    "hlsTime": ["1", "2", "10", "+3", "2147483647"],
    "hlsListSize": ["5", "15"],
    "hlsPlayListType": ["", "event", "vod"],
    "hlsflags": [
        *("", "delete_segments", "+program_date_time", "-delete_segments"),
        *("delete_segments+program_date_time", "delete_segments + append_list", "2"),
    ],
    "hlsSegmentType": ["", "mpegts", "fmp4"],
    "hlsSegmentFileSuffixFormat": ["%09d", "-%d", "%Y%m%d-%s", "%s-%%09d", "_%04d_x"],
    "encoderSettingsString": ["", "480,300000,64000", "[]"],
    "rtspPullTransportType": ["", "3", "tcp", "udp+tcp", "udp_multicast", "https"],
    "s3Permission": ["public-read", "private", "bucket-owner-full-control"],
    "s3StorageClass": ["", "STANDARD", "standard_ia", "GLACIER_IR"],
    "s3RegionName": ["", "eu-central-1"],
    "webhookContentType": ["application/json", "application/x-www-form-urlencoded"],
    "webhookAuthenticateURL": ["", "http://127.0.0.1:9000/hook", "https://x.example/?a=b"],
    "httpForwardingBaseURL": ["", "https://cdn.example/x", "/other", "//cdn.example"],
    "httpForwardingExtension": ["", "mp4", "mp4,m3u8"],
    "stunServerURI": ["", "stun:stun1.l.google.com:19302", "turns:t.example:443?transport=tcp"],
    "signalingAddress": ["", "wss://x.example/app/websocket/signaling"],
    "dashSegDuration": ["6", "0.5"],
    "timeTokenPeriod": ["1", "60"],
    "previewFormat": ["png", "jpg", "webp"],
}
UNFIT = {
    "hlsTime": ["", "0", "-1", "abc", "2.5", "2 ", " 2", "00:00:02", "2147483648", "9" * 60],
    "hlsListSize": ["", "0", "4", "all"],
    "hlsPlayListType": ["live", "VOD", "event,vod"],
    "hlsflags": ["delete_segmnts", "delete_segments,append_list", "a+b", "+", "delete_segments+"],
    "hlsSegmentType": ["ts", "MPEGTS"],
    "hlsSegmentFileSuffixFormat": ["", "x", "[%d", "%09d/", "%H%M", "%09d%%", "%d%d|x", "(%d"],
    "encoderSettingsString": ["abc", "a,b,c", "480,300000", "480, 300000, 64000", "{}", "[1]"],
    "rtspPullTransportType": ["TCP", "udp,tcp", "rtp"],
    "s3Permission": ["", "privat", "Private", "public"],
    "s3StorageClass": ["COLD", " STANDARD"],
    "s3RegionName": ["eu central", "https://x"],
    "webhookContentType": ["text/plain", "json"],
    "webhookAuthenticateURL": ["abc", "ftp://x", "http://", "http://a b", "HTTP//x"],
    "httpForwardingBaseURL": ["cdn.example", "ftp://cdn.example"],
    "httpForwardingExtension": ["mp4, m3u8", "mp4,", ","],
    "stunServerURI": ["stun1.l.google.com", "stun:", "http://x"],
    "signalingAddress": ["https://x.example", "x.example"],
    "dashSegDuration": ["", "6s", "-1", "1e3", "9" * 40],
    "timeTokenPeriod": ["0", "-60"],
    "previewFormat": ["", "jpeg"],
}


@pytest.mark.parametrize("name", FIT)
def test_texts_that_mean_what_they_say(name):
    for text in FIT[name]:
        assert _catalogue.unfit(_catalogue.by_name(_catalogue.APP, name), text) == "", text


@pytest.mark.parametrize("name", UNFIT)
def test_texts_that_do_not(name):
    for text in UNFIT[name]:
        fault = _catalogue.unfit(_catalogue.by_name(_catalogue.APP, name), text)
        assert fault == f"is not {reads(name).what}; {reads(name).does}", text


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        *((text, True) for text in ("0.0.0.0", "127.0.0.5", "::", "2001:db8::1", "localhost")),
        *((text, False) for text in ("", "nosuch.example", "127.0.0.1 ", "*", "0.0.0.0:5080")),
    ],
)
def test_addresses_that_the_server_listens_at(text, fits):
    assert reads("http.host", _catalogue.SERVER).fits(text) is fits


def test_encoders_in_json():
    entry = '{"height":240,"videoBitrate":300000,"audioBitrate":64000,"forceEncode":true}'
    fits = reads("encoderSettingsString").fits
    assert fits(f"[{entry},{entry}]")
    for name in ("height", "videoBitrate", "audioBitrate", "forceEncode"):
        assert not fits(f"[{entry.replace(name, 'other')}]")
    assert not fits(f"[{entry.replace('true', '1')}]")
    assert not fits(f"[{entry}")
    assert not fits("[" * 1000)


def test_what_holds_by_default_is_fit():
    """In the newest version; old ones had blanks and quotes of their own in it."""
    for setting in _catalogue.SETTINGS:
        if setting.reads and setting.default not in (None, ""):
            assert _catalogue.unfit(setting, setting.default) == "", setting.name


def test_a_row_says_what_and_what_then():
    forms = [setting.reads for setting in _catalogue.SETTINGS if setting.reads]
    assert all(form.what and form.does for form in forms)
    assert len(forms) > 35
    assert _texts.whole(1, 5, "x").fault("6") == "is not a whole number from 1 to 5; x"
