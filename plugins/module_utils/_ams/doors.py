# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The doors by which a stream comes in and goes out with a token, and the versions that have each.

Here is what a string to paste needs to know. The page about doors says the rest: who asks for a
token there, who does not, and how a door is closed. A test holds both together.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions

PUBLISH, PLAY = "publish", "play"
# Of a door that no version has.
NEVER = (10**6,)


@dataclass(frozen=True)
class Door:
    """A door.

    title: its row on the page. direction: whom it lets do what. strings: names of the strings that
    lead to it. since: the first version that takes a token there. before: what to say of older
    ones, if there is more to say.
    """

    title: str
    direction: str
    strings: tuple[str, ...]
    since: tuple[int, ...] = ()
    before: str = ""


DOORS = (
    Door("RTMP", PUBLISH, ("rtmp", "obs_server", "obs_key")),
    Door("RTMPS", PUBLISH, ("rtmps", "obs_server_rtmps")),
    Door("SRT", PUBLISH, ("srt", "srt_streamid"), (2, 4, 3)),
    Door("WebRTC", PUBLISH, ("websocket", "webrtc", "publish_page")),
    Door("WHIP", PUBLISH, ("whip", "whip_header", "whip_curl"), _versions.WHIP),
    Door(
        "RTSP",
        PUBLISH,
        ("rtsp",),
        NEVER,
        "no version listens for RTSP, the server pulls it: see the REST API's stream sources",
    ),
    Door("HLS playlist", PLAY, ("hls",)),
    Door("HLS, adaptive and one quality", PLAY, ("hls_adaptive", "hls_quality")),
    Door("LL-HLS", PLAY, ("ll_hls",), (2, 11, 0)),
    Door(
        "DASH, CMAF",
        PLAY,
        ("dash", "embed_dash"),
        (2, 6, 0),
        "before 2.6.0 the server finds no stream in the address and refuses every token there",
    ),
    Door("recordings", PLAY, ("vod", "vod_webm", "vod_quality", "embed_vod")),
    Door("preview pictures", PLAY, ("preview",)),
    Door("player pages", PLAY, ("embed", "embed_hls", "iframe")),
    Door(
        "player pages",
        PLAY,
        ("embed_ll_hls",),
        (2, 14, 0),
        "before 2.14.0 the page plays LL-HLS without the token; give a player of yours ll_hls",
    ),
    Door(
        "RTMP play",
        PLAY,
        ("rtmp_play",),
        (2, 16, 0),
        "before 2.16.0 RTMP play asks for no token, and takes one for a part of the stream's name",
    ),
    Door("RTMPS play", PLAY, ("rtmps_play",), (2, 16, 0), "as rtmp_play: it comes with 2.16.0"),
    Door("WebRTC play", PLAY, ("websocket", "webrtc")),
    Door("WHEP", PLAY, ("whep",), NEVER, "no version has WHEP; play by webrtc and websocket"),
    Door("RTSP", PLAY, ("rtsp",), NEVER, "no version serves RTSP, the server only pulls it"),
)


def leads(string: str, direction: str = "") -> Door | None:
    """The door that a string leads to.

    :kwarg direction: of the string, any if it is empty.
    """
    for door in DOORS:
        if string in door.strings and direction in ("", door.direction):
            return door
    return None
