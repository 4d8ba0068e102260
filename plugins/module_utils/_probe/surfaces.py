# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What can be asked of a server, one row each: how to ask it and what its answers mean.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    answers as _answers,
    ways as _ways,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    BAD,
    BARE,
    EVERY,
    PUBLISHES,
    RUNS,
    Surface,
    Unasked,
)

# Where the REST API of an application is, and its streams are.
_REST = "/{app}/rest/v2/version"
_RTMP = "{app}/{stream}"
# What is asked, in words.
_GET = "GET {path}"
_PUBLISH = "publish rtmp /{stream}"

PANEL = Surface("panel", _ways.get, _answers.panel, _GET)
MANAGEMENT = Surface(
    "management",
    _ways.get,
    _answers.management,
    _GET,
    path="/rest/v2/version",
    header="ProxyAuthorization",
)

# The REST API of an application: who asks, with which token, and as a node of a cluster.
REST_ADDRESS = Surface(
    "rest-address", _ways.get, _answers.rest_address, _GET, path=_REST, header="Authorization"
)
REST_TOKEN = Surface(
    "rest-token", _ways.get, _answers.rest_token, _GET, path=_REST, header="Authorization"
)
CLUSTER = Surface(
    "cluster", _ways.get, _answers.cluster, _GET, path=_REST, header="ClusterAuthorization"
)

# The API with neither a token nor an address that it takes: whoever gets in can have tokens made,
# and sources of streams pulled in.
REST_OPEN = Surface("rest-open", _ways.get, _answers.cluster, _GET, path=_REST)


def _file(name: str, path: str, door: str, **about: Any) -> Surface:
    """A file that players load."""
    about = {"control": "play", "door": door, "cases": BARE, **about}
    path = "/{app}/" + path
    return Surface(
        name,
        _ways.get,
        _answers.player,
        _GET,
        path,
        query=True,
        shows=(),
        without_app=True,
        **about,
    )


def _api(name: str, control: str) -> Surface:
    """The REST API as a door of a direction."""
    return replace(
        REST_OPEN,
        name=name,
        shows=(),
        control=control,
        door="the REST API, which makes tokens",
        cases=BARE,
        outside=True,
    )


def _upload(name: str, path: str, control: str, **about: Any) -> Surface:
    """Where encoders and nodes put files without a token; to GET one changes nothing."""
    about = {"control": control, "cases": BARE, "outside": True, "shows": (), **about}
    return Surface(name, _ways.get, _answers.upload, _GET, "/{app}/" + path, **about)


# Playing.
HLS = _file("hls", "streams/{stream}.m3u8", "", cases=EVERY)
WEBRTC = Surface(
    "webrtc",
    _ways.play_websocket,
    _answers.viewer,
    "play websocket {path}",
    path="/{app}/websocket",
    stream="{stream}",
    shows=(),
    control="webrtc-play",
)
RTMP_PLAY = Surface(
    "rtmp-play",
    _ways.play,
    _answers.rtmp_player,
    "play rtmp /{stream}",
    stream=_RTMP,
    query=True,
    shows=(),
    control="play",
    door="over RTMP",
    cases=BAD,
)

# Publishing.
RTMP = Surface(
    "rtmp",
    _ways.publish,
    _answers.publisher,
    _PUBLISH,
    stream=_RTMP,
    query=True,
    shows=(RUNS, PUBLISHES),
    control="publish",
)
RTMP_KNOWN = Surface(
    "rtmp-known", _ways.publish, _answers.known_publisher, _PUBLISH, stream=_RTMP, query=True
)

WEBRTC_PUBLISH = replace(
    WEBRTC,
    name="webrtc-publish",
    ask=_ways.publish_websocket,
    sentence="publish websocket {path}",
    control="webrtc-publish",
    cases=BAD,
)

# What is asked beside the first door of a direction, in this order; docs/doors.md has the whole
# list, and what of it cannot be asked.
_DOORS = (
    _file("hls-adaptive", "streams/{stream}_adaptive.m3u8", "an adaptive playlist"),
    _file("hls-quality", "streams/{stream}_480p.m3u8", "a playlist of one quality"),
    _file("segment", "streams/{stream}000000001.ts", "a segment"),
    _file("fragment", "streams/{stream}000000001.fmp4", "a fragmented segment", since=(2, 11, 0)),
    _file("ll-hls", "streams/ll-hls/{stream}/{stream}__master.m3u8", "LL-HLS", since=(2, 11, 0)),
    _file("dash", "streams/{stream}/{stream}.mpd", "DASH"),
    _file("dash-segment", "streams/{stream}/{stream}_1.m4s", "a segment of DASH"),
    _file("recording", "streams/{stream}.mp4", "a recording"),
    _file("recording-webm", "streams/{stream}.webm", "a recording as WebM"),
    _file("other-file", "streams/{stream}.mkv", "another file"),
    replace(RTMP_PLAY, name="rtmps-play", ask=_ways.play_tls, sentence="play rtmps /{stream}",
            door="over RTMPS", needs=("rtmps.enabled",)),
    _file("preview", "previews/{stream}.png", "a preview picture", needs=("generatePreview",),
          folder="previews"),
    _upload("cloud-file", "hls-upload/{stream}.m3u8", "play", door="a file in the cloud",
            since=(2, 15, 0), needs=("s3RecordingEnabled",)),
    _api("play-api", "play"),
    replace(RTMP, name="rtmps", ask=_ways.publish_tls, sentence="publish rtmps /{stream}",
            shows=(), door="over RTMPS", cases=BAD, needs=("rtmps.enabled",)),
    _upload("chunked", "chunked/{stream}.m3u8", "publish", door="a file by /chunked"),
    _upload("cloud-upload", "hls-upload/{stream}.m3u8", "publish",
            door="a file to the cloud by /hls-upload", since=(2, 6, 2),
            needs=("s3RecordingEnabled",)),
    _api("publish-api", "publish"),
)  # fmt: skip

PAST_THE_LIST = _upload(
    "past-the-list", "rest/v2/acm/../../../chunked/{stream}.m3u8", "", outside=False
)

# A file of one stream, in a spelling by which the server may ask for the token of another.
PAST_THE_TOKEN = _file(
    "past-the-token", "streams/{stream}.m3u8streams/../other-{stream}.m3u8", "", control=""
)

# Whether an application runs at all.
ENTER = Surface("enter", _ways.enter, _answers.entered, "enter rtmp /{stream}", stream="{app}")

# The front that people use.
FRONT_PANEL = Surface("front-panel", _ways.get, _answers.front_panel, _GET + " of the front")
FRONT_REST = Surface(
    "front-rest",
    _ways.get,
    _answers.front_rest,
    _GET + " of the front",
    path=_REST,
    header="Authorization",
)
CERTIFICATE = Surface(
    "certificate",
    _ways.handshake,
    _answers.certificate,
    "TLS with {stream} port {path}",
    shows=(),
)
PORT = Surface("port", _ways.connect, _answers.port, "connect to {stream} port {path}", shows=())

SURFACES = {
    row.name: row
    for row in (*(one for one in tuple(vars().values()) if isinstance(one, Surface)), *_DOORS)
}

# Where files are put, and a spelling of it that the server lets past its list.
UPLOADS = tuple(row for row in _DOORS if row.control == "publish" and row.read is _answers.upload)


UNASKED = (
    Unasked("publish", "SRT (UDP port 4200), where asking is publishing"),
    Unasked("publish", "WHIP, where asking is publishing", since=(2, 10, 0)),
    Unasked("play", "files that are copied to a bucket, which is not of this server"),
)


def doors(control: str) -> list[Surface]:
    """What a control of a direction asks."""
    return [row for row in SURFACES.values() if row.control == control]
