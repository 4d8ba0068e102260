# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A token and its strings as lines that people read and copy from.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    lifetime as _lifetime,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted

# What a string is called where it is printed.
LABELS = {
    "rtmp": "RTMP URL",
    "rtmps": "RTMPS URL",
    "obs_server": "OBS server",
    "obs_server_rtmps": "OBS server (RTMPS)",
    "obs_key": "OBS stream key",
    "srt": "SRT URL",
    "srt_streamid": "SRT stream id",
    "websocket": "WebRTC WebSocket",
    "webrtc": "WebRTC message",
    "publish_page": "Publisher's page",
    "whip": "WHIP URL",
    "whip_header": "WHIP header",
    "whip_curl": "WHIP by curl",
    "hls": "HLS",
    "hls_adaptive": "HLS, adaptive",
    "hls_quality": "HLS, one quality",
    "ll_hls": "LL-HLS",
    "dash": "DASH",
    "vod": "Recording",
    "vod_webm": "Recording, WebM",
    "vod_quality": "Recording, one quality",
    "preview": "Preview, no token asked",
    "rtmp_play": "RTMP play",
    "rtmps_play": "RTMPS play",
    "embed": "Player page",
    "embed_hls": "Player page, HLS",
    "embed_ll_hls": "Player page, LL-HLS",
    "embed_dash": "Player page, DASH",
    "embed_vod": "Player page, recording",
    "iframe": "To embed",
    "base": "API",
    "header": "Header",
    "curl": "By curl",
}


def title(minted: Minted) -> str:
    """A token in words, nothing of it secret."""
    order, end = minted.order, minted.expires
    words = (order.app or order.realm, order.stream, order.type, order.subscriber, order.kind)
    until = "never expires" if end is None else f"expires {_lifetime.utc(end)}"
    return " ".join(filter(None, words)) + ", " + until


def paste(minted: Minted, strings: Mapping[str, str], now: int) -> str:
    """The strings of a token as lines to copy from.

    :arg strings: by name.
    :arg now: Unix seconds.
    """
    left = "" if minted.expires is None else f", in {_lifetime.words(minted.expires - now)}"
    lines = [("", title(minted) + left), ("Token", minted.value)]
    lines += [(LABELS.get(name, name), text) for name, text in strings.items()]
    width = max(len(label) for label, _text in lines)
    return "\n".join(f"{label:<{width}}  {text}" if label else text for label, text in lines)
