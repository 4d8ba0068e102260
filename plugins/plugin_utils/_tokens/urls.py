# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The strings to paste: a token where each protocol wants it.

PRIVATE to the collection.
"""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Mapping
from urllib.parse import quote

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.endpoint import Endpoint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order

# What encoders and cameras take; the issue that counts them is Ant-Media-Server #5926.
URL_LIMITS = ((256, "many cameras and encoders"), (128, "some cameras"))
SRT_STREAMID_LIMIT = 512

# The server keeps VoDs in the same folder and its sub-folders.
_FILE = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
# What stands behind the stream's name in a file of one quality.
_QUALITY = re.compile(r"[0-9]{1,5}p([0-9]{1,9}kbps)?|[0-9]{1,9}kbps")


def _q(text):
    return quote(str(text), safe="-._~@")


def _query(pairs, join="&"):
    return join.join(f"{name}={_q(value)}" for name, value in pairs)


def _sh(*words):
    return " ".join(shlex.quote(word) for word in words)


def strings(
    order: Order,
    endpoint: Endpoint,
    value: str,
    file: str = "",
    quality: str = "",
    version: tuple[int, ...] = (),
) -> dict[str, str]:
    """The strings of a token by name, all that fit its realm and direction.

    :arg value: the token, for a subscriber its code.
    :kwarg file: the file of a recording below ``streams/``; else that of the stream itself.
    :kwarg quality: what the server adds to names for one quality, such as ``720p2000kbps``.
    :kwarg version: numbers of the server's version, empty if unknown.
    """
    if order.realm == "rest":
        return rest(endpoint, order.app, value)
    if order.realm == "management":
        return management(endpoint, value)
    if order.subscriber:
        proof = credentials(subscriber=order.subscriber, code=value)
    else:
        proof = credentials(value)
    if order.type == "publish":
        return publish(endpoint, order.app, order.stream, proof, order.room, version)
    return play(endpoint, order.app, order.stream, proof, order.room, file, quality)


def credentials(token: str = "", subscriber: str = "", code: str = "") -> list[tuple[str, str]]:
    """What proves the right to a stream: a token, or a subscriber and its code.

    :returns: pairs of a parameter and its value, in order.
    """
    if subscriber or code:
        return [("subscriberId", subscriber), ("subscriberCode", code)]
    return [("token", token)]


def publish(
    endpoint: Endpoint,
    app: str,
    stream: str,
    proof: list[tuple[str, str]],
    room: str = "",
    version: tuple[int, ...] = (),
) -> dict[str, str]:
    """Strings for a publisher.

    :arg proof: from :func:`credentials`.
    :kwarg version: numbers of the server's version, empty if unknown.
    :returns: a dictionary of names and texts.
    """
    e = endpoint
    rtmp = e.url("rtmp", e.rtmp_port, 1935) + f"/{app}"
    key = f"{stream}?{_query(proof)}"
    srt_id = f"{app}/{stream}," + _query(proof, ",")
    whip = f"{e.http}/{app}/whip/{stream}"
    proved = dict(proof)
    if "token" not in proved:
        whip += "?" + _query(proof)
    strings = {
        "rtmp": f"{rtmp}/{key}",
        "obs_server": rtmp,
        "obs_key": key,
        "srt": e.url("srt", e.srt_port, None) + f"?streamid={srt_id}",
        "srt_streamid": srt_id,
        "websocket": f"{e.websocket}/{app}/websocket",
        "webrtc": _message("publish", stream, proof, room),
        "publish_page": f"{e.http}/{app}/?id={stream}&{_query(proof)}",
        "whip": whip,
    }
    if e.rtmps:
        rtmps = e.url("rtmps", e.rtmps_port, None) + f"/{app}"
        strings["rtmps"] = f"{rtmps}/{key}"
        strings["obs_server_rtmps"] = rtmps
    headers = ["Content-Type: application/sdp"]
    if "token" in proved:
        # The bare token is taken by every version.
        bearer = "Bearer " if version >= _versions.WHIP_BEARER else ""
        strings["whip_header"] = f"Authorization: {bearer}{proved['token']}"
        headers.append(strings["whip_header"])
    arguments = [word for header in headers for word in ("-H", header)]
    strings["whip_curl"] = _sh("curl", *arguments, "--data-binary", "@offer.sdp", whip)
    return strings


def play(
    endpoint: Endpoint,
    app: str,
    stream: str,
    proof: list[tuple[str, str]],
    room: str = "",
    file: str = "",
    quality: str = "",
) -> dict[str, str]:
    """Strings for a player.

    :kwarg file: the file of a recording below ``streams/``; else that of the stream itself.
    :kwarg quality: what the server adds to names for one quality.
    """
    query = _query(proof)
    base = f"{endpoint.http}/{app}"
    streams = f"{base}/streams"
    file = file or f"{stream}.mp4"
    stem, _dot, ending = file.rpartition(".")
    page = f"{base}/play.html?id={stream}&{query}"
    rtmp = endpoint.url("rtmp", endpoint.rtmp_port, 1935)
    strings = {
        "hls": f"{streams}/{stream}.m3u8?{query}",
        "hls_adaptive": f"{streams}/{stream}_adaptive.m3u8?{query}",
        "ll_hls": f"{streams}/ll-hls/{stream}/{stream}__master.m3u8?{query}",
        "dash": f"{streams}/{stream}/{stream}.mpd?{query}",
        "vod": f"{streams}/{file}?{query}",
        "vod_webm": f"{streams}/{stem}.webm?{query}",
        "preview": f"{base}/previews/{stream}.png",
        "rtmp_play": f"{rtmp}/{app}/{stream}?{query}",
        "websocket": f"{endpoint.websocket}/{app}/websocket",
        "webrtc": _message("play", stream, proof, room),
        "embed": page,
        "embed_hls": f"{base}/play.html?id={stream}&playOrder=hls&{query}",
        "embed_ll_hls": f"{base}/play.html?id={stream}&playOrder=ll-hls&{query}",
        "embed_dash": f"{base}/play.html?id={stream}&playOrder=dash&{query}",
        "embed_vod": f"{base}/play.html?id={_q('streams/' + file)}&playOrder=vod&{query}",
        "iframe": _iframe(page),
    }
    if endpoint.rtmps:
        rtmps = endpoint.url("rtmps", endpoint.rtmps_port, None)
        strings["rtmps_play"] = f"{rtmps}/{app}/{stream}?{query}"
    if quality:
        strings["hls_quality"] = f"{streams}/{stream}_{quality}.m3u8?{query}"
        strings["vod_quality"] = f"{streams}/{stem}_{quality}.{ending}?{query}"
    return strings


def rest(endpoint: Endpoint, app: str, token: str) -> dict[str, str]:
    """Strings for an app's REST API. Every version takes the bare token, ``Bearer`` only some."""
    return _api(f"{endpoint.http}/{app}/rest/v2", "/broadcasts/count", f"Authorization: {token}")


def management(endpoint: Endpoint, token: str) -> dict[str, str]:
    """Strings for the management REST API."""
    return _api(f"{endpoint.http}/rest/v2", "/applications", f"ProxyAuthorization: {token}")


def _api(base, example, header):
    return {"base": base, "header": header, "curl": _sh("curl", "-H", header, base + example)}


def _message(command, stream, proof, room):
    message = {"command": command, "streamId": stream, **dict(proof)}
    if room:
        message["mainTrack" if command == "publish" else "room"] = room
    if command == "publish":
        message.update(video=True, audio=True)
    return json.dumps(message)


def _iframe(page):
    return (
        f'<iframe width="560" height="315" src="{html.escape(page)}" frameborder="0"'
        ' allow="autoplay; fullscreen" allowfullscreen></iframe>'
    )


def file_faults(file: str) -> list[str]:
    """Why a text is not the file of a recording, empty if it is."""
    if not _FILE.fullmatch(file) or any(part in (".", "..") for part in file.split("/")):
        return [f"vod_file: {file!r} is not a file below the app's streams folder"]
    return []


def quality_faults(quality: str) -> list[str]:
    """Why a text is not what the server adds to the names of one quality, empty if it is."""
    if not _QUALITY.fullmatch(quality):
        return [f"quality: {quality!r} is none such as 720p2000kbps or 720p"]
    return []


def length_warnings(strings: Mapping[str, str]) -> list[str]:
    """Strings that common encoders cut or refuse.

    :arg strings: from :func:`publish`.
    :returns: texts without any token.
    """
    found = []
    for name in ("rtmp", "rtmps"):
        size = len(strings.get(name, ""))
        for limit, who in URL_LIMITS:
            if size > limit:
                found.append(
                    f"the {name.upper()} URL has {size} characters; {who} take {limit}."
                    " Shorter: a hash token, a shorter stream id, or server and key apart"
                )
                break
    size = len(strings.get("srt_streamid", ""))
    if size > SRT_STREAMID_LIMIT:
        found.append(
            f"the SRT stream id has {size} characters; the protocol takes {SRT_STREAMID_LIMIT}"
        )
    return found
