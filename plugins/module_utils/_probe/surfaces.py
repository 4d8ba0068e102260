# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What of a server can be asked: one row each, with how it is asked and what its answers mean.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    answers as _answers,
    ways as _ways,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    PUBLISHES,
    RUNS,
    Surface,
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

# Playing.
HLS = Surface(
    "hls",
    _ways.get,
    _answers.player,
    _GET,
    path="/{app}/streams/{stream}.m3u8",
    query=True,
    shows=(),
    without_app=True,
    control="play",
)
RECORDING = Surface(
    "recording",
    _ways.get,
    _answers.player,
    _GET,
    path="/{app}/streams/{stream}.mp4",
    query=True,
    shows=(),
    without_app=True,
    control="play",
    door="a recording",
    bare=True,
)
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

# Whether an application runs at all.
ENTER = Surface("enter", _ways.enter, _answers.entered, "enter rtmp /{stream}", stream="{app}")

SURFACES = {row.name: row for row in tuple(vars().values()) if isinstance(row, Surface)}


def doors(control: str) -> list[Surface]:
    """What a control of a direction asks."""
    return [row for row in SURFACES.values() if row.control == control]
