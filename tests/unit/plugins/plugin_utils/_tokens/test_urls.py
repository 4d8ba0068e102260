from __future__ import annotations

import html
import json
import shlex
from urllib.parse import parse_qs, urlsplit

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import urls as _urls
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.endpoint import Endpoint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order
from hypothesis import given, strategies as st

TOKEN = "head.claims-_.sign"
HOST = Endpoint("live.example.org")
PLAIN = Endpoint("10.0.0.5", tls=False)
SIX = Endpoint("2001:db8::1", rtmps=True)
PROOF = _urls.credentials(TOKEN)
CODE = _urls.credentials(subscriber="user@example.org", code="123456")

streams = st.text("abcXYZ019_.-", min_size=1, max_size=30)


def test_publish():
    assert _urls.publish(HOST, "LiveApp", "stream1", PROOF) == {
        "rtmp": f"rtmp://live.example.org/LiveApp/stream1?token={TOKEN}",
        "obs_server": "rtmp://live.example.org/LiveApp",
        "obs_key": f"stream1?token={TOKEN}",
        "srt": f"srt://live.example.org:4200?streamid=LiveApp/stream1,token={TOKEN}",
        "srt_streamid": f"LiveApp/stream1,token={TOKEN}",
        "websocket": "wss://live.example.org:5443/LiveApp/websocket",
        "webrtc": json.dumps(
            {
                "command": "publish",
                "streamId": "stream1",
                "token": TOKEN,
                "video": True,
                "audio": True,
            }
        ),
        "publish_page": f"https://live.example.org:5443/LiveApp/?id=stream1&token={TOKEN}",
        "whip": "https://live.example.org:5443/LiveApp/whip/stream1",
        "whip_header": f"Authorization: {TOKEN}",
        "whip_curl": "curl -H 'Content-Type: application/sdp' -H 'Authorization: "
        f"{TOKEN}' --data-binary @offer.sdp https://live.example.org:5443/LiveApp/whip/stream1",
    }


def test_play():
    base = "http://10.0.0.5:5080/LiveApp"
    page = f"{base}/play.html?id=stream1&token={TOKEN}"
    assert _urls.play(PLAIN, "LiveApp", "stream1", PROOF) == {
        "hls": f"{base}/streams/stream1.m3u8?token={TOKEN}",
        "hls_adaptive": f"{base}/streams/stream1_adaptive.m3u8?token={TOKEN}",
        "ll_hls": f"{base}/streams/ll-hls/stream1/stream1__master.m3u8?token={TOKEN}",
        "dash": f"{base}/streams/stream1/stream1.mpd?token={TOKEN}",
        "vod": f"{base}/streams/stream1.mp4?token={TOKEN}",
        "vod_webm": f"{base}/streams/stream1.webm?token={TOKEN}",
        "preview": f"{base}/previews/stream1.png",
        "rtmp_play": f"rtmp://10.0.0.5/LiveApp/stream1?token={TOKEN}",
        "websocket": "ws://10.0.0.5:5080/LiveApp/websocket",
        "webrtc": json.dumps({"command": "play", "streamId": "stream1", "token": TOKEN}),
        "embed": page,
        "embed_hls": f"{base}/play.html?id=stream1&playOrder=hls&token={TOKEN}",
        "embed_ll_hls": f"{base}/play.html?id=stream1&playOrder=ll-hls&token={TOKEN}",
        "embed_dash": f"{base}/play.html?id=stream1&playOrder=dash&token={TOKEN}",
        "embed_vod": f"{base}/play.html?id=streams%2Fstream1.mp4&playOrder=vod&token={TOKEN}",
        "iframe": f'<iframe width="560" height="315" src="{html.escape(page)}" frameborder="0"'
        ' allow="autoplay; fullscreen" allowfullscreen></iframe>',
    }


def test_the_prefix_that_whip_strips():
    for version, bearer in (((), ""), ((2, 10, 1), ""), ((2, 11, 0), "Bearer ")):
        made = _urls.publish(HOST, "a", "s", PROOF, version=version)
        assert made["whip_header"] == f"Authorization: {bearer}{TOKEN}"
        assert made["whip_header"] in shlex.split(made["whip_curl"])


def test_doors_that_an_option_opens():
    made = _urls.play(SIX, "a", "s", PROOF, quality="720p2000kbps")
    assert made["rtmps_play"] == f"rtmps://[2001:db8::1]:8443/a/s?token={TOKEN}"
    assert made["hls_quality"].endswith(f"/a/streams/s_720p2000kbps.m3u8?token={TOKEN}")
    assert made["vod_quality"].endswith(f"/a/streams/s_720p2000kbps.mp4?token={TOKEN}")
    made = _urls.play(HOST, "a", "s", PROOF, file="sub/film.mp4", quality="480p")
    assert "/streams/sub/film_480p.mp4?" in made["vod_quality"]
    assert "/streams/sub/film.webm?" in made["vod_webm"]
    assert "rtmps_play" not in made


def test_qualities():
    for text in ("720p", "720p2000kbps", "300kbps"):
        assert _urls.quality_faults(text) == []
    for text in ("hd", "720", "720p/..", "720p2000", "p", "720P", "kbps"):
        assert _urls.quality_faults(text)


def test_api():
    made = _urls.rest(HOST, "LiveApp", TOKEN)
    assert made["header"] == f"Authorization: {TOKEN}"
    assert shlex.split(made["curl"]) == [
        "curl",
        "-H",
        made["header"],
        "https://live.example.org:5443/LiveApp/rest/v2/broadcasts/count",
    ]
    made = _urls.management(HOST, TOKEN)
    assert made["header"] == f"ProxyAuthorization: {TOKEN}"
    assert made["base"] == "https://live.example.org:5443/rest/v2"


def test_addresses_of_ipv6_stand_in_brackets():
    for text in ("2001:db8::1", "[2001:db8::1]", "2001:DB8:0:0::1"):
        assert Endpoint.of({"host": text}).authority == "[2001:db8::1]"
    made = {**_urls.publish(SIX, "a", "s", PROOF), **_urls.play(SIX, "a", "s", PROOF)}
    assert made["rtmp"].startswith("rtmp://[2001:db8::1]/a/s?")
    assert made["rtmps"].startswith("rtmps://[2001:db8::1]:8443/a/s?")
    assert made["obs_server_rtmps"] == "rtmps://[2001:db8::1]:8443/a"
    assert made["srt"].startswith("srt://[2001:db8::1]:4200?")
    assert made["websocket"].startswith("wss://[2001:db8::1]:5443/")
    for name in ("rtmp", "rtmps", "srt", "websocket", "whip", "hls", "dash", "vod", "embed"):
        assert urlsplit(made[name]).hostname == "2001:db8::1"


def test_standard_ports_are_left_out():
    where = Endpoint("h.example", https_port=443, rtmp_port=11935, srt_port=4201)
    made = _urls.publish(where, "a", "s", PROOF)
    assert made["whip"] == "https://h.example/a/whip/s"
    assert made["rtmp"].startswith("rtmp://h.example:11935/a/s")
    assert made["srt"].startswith("srt://h.example:4201?")
    assert _urls.play(Endpoint("h.example", tls=False, http_port=80), "a", "s", PROOF)[
        "websocket"
    ] == ("ws://h.example/a/websocket")


def test_codes_of_subscribers():
    made = _urls.publish(HOST, "a", "s", CODE)
    query = "subscriberId=user@example.org&subscriberCode=123456"
    assert made["rtmp"] == f"rtmp://live.example.org/a/s?{query}"
    assert made["srt_streamid"] == "a/s," + query.replace("&", ",")
    assert made["whip"].endswith("/a/whip/s?" + query)
    assert "whip_header" not in made
    assert "Authorization" not in made["whip_curl"]
    assert json.loads(made["webrtc"])["subscriberCode"] == "123456"
    assert "token" not in json.loads(made["webrtc"])
    assert _urls.play(HOST, "a", "s", CODE)["hls"].endswith("s.m3u8?" + query)


def test_rooms():
    publish = json.loads(_urls.publish(HOST, "a", "s", PROOF, "room1")["webrtc"])
    play = json.loads(_urls.play(HOST, "a", "s", PROOF, "room1")["webrtc"])
    assert (publish["mainTrack"], play["room"]) == ("room1", "room1")


def test_recordings():
    made = _urls.play(HOST, "a", "s", PROOF, file="2026/s_1.mp4")
    assert made["vod"].startswith("https://live.example.org:5443/a/streams/2026/s_1.mp4?")
    assert parse_qs(urlsplit(made["embed_vod"]).query)["id"] == ["streams/2026/s_1.mp4"]
    for file in ("../x.mp4", "/x.mp4", "a//b", "a b.mp4", "x?y", "", "./x", "a/.."):
        assert _urls.file_faults(file)
    assert not _urls.file_faults("2026/s_1.mp4")


@given(streams, st.sampled_from([PROOF, CODE]), st.sampled_from([HOST, PLAIN, SIX]))
def test_every_url_gives_back_what_went_in(stream, proof, where):
    made = {
        **_urls.publish(where, "App-1", stream, proof),
        **_urls.play(where, "App-1", stream, proof),
    }
    want = {name: [value] for name, value in proof}
    for name in ("rtmp", "hls", "hls_adaptive", "dash", "vod", "embed", "embed_hls", "embed_vod"):
        query = parse_qs(urlsplit(made[name]).query)
        assert {key: query[key] for key in want} == want
        assert made[name].isascii()
        assert " " not in made[name]
    assert made["obs_server"] + "/" + made["obs_key"] == made["rtmp"]
    assert parse_qs(urlsplit(made["embed"]).query)["id"] == [stream]
    source = html.unescape(made["iframe"].split('src="')[1].split('"')[0])
    assert source == made["embed"]


def test_long_urls():
    def warnings(length):
        return _urls.length_warnings({"rtmp": "x" * length, "srt_streamid": "x" * length})

    assert warnings(128) == []
    (one,) = warnings(129)
    assert "129 characters; some cameras take 128" in one
    (one,) = warnings(300)
    assert "take 256" in one
    assert len(warnings(513)) == 2


def test_the_strings_of_an_order():
    stream = {"app": "LiveApp", "stream": "stream1"}
    publishing = Order(**stream, type="publish", room="room1")
    assert _urls.strings(publishing, HOST, TOKEN) == _urls.publish(
        HOST, "LiveApp", "stream1", PROOF, "room1"
    )
    playing = Order(**stream, type="play", kind="totp", subscriber="user@example.org")
    assert _urls.strings(playing, HOST, "123456", "a.mp4") == _urls.play(
        HOST, "LiveApp", "stream1", CODE, file="a.mp4"
    )
    rest = Order(realm="rest", app="LiveApp")
    assert _urls.strings(rest, HOST, TOKEN) == _urls.rest(HOST, "LiveApp", TOKEN)
    management = Order(realm="management")
    assert _urls.strings(management, HOST, TOKEN) == _urls.management(HOST, TOKEN)
