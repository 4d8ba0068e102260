# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the gate itself says over RTMP to publishers and players, in the words that the server has.

PRIVATE to the collection.
"""

from __future__ import annotations

import struct
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.doors import PLAY, PUBLISH
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
)

# Large, so that few headers have to be read: ffmpeg takes over what it is told for its own.
CHUNK_SIZE = 65536
WINDOW = 2_500_000
LEAST_WINDOW = 4096
# Events of a control message.
BEGIN, PING, PONG = 0, 6, 7
# What describes a stream, and what may stand before it.
FRAMES = ("@setDataFrame", "@clearDataFrame")
DESCRIPTIONS = ("onMetaData", "onTextData", "onCuePoint", "onFI", "onCaptionInfo")
# Channels: of the protocol itself, of the connection, of what is said about a stream.
_PROTOCOL, _CONNECTION, _ABOUT = 2, 3, 5
_REFUSALS = {
    PUBLISH: "You are not allowed to publish the stream.",
    PLAY: "You are not allowed to play the stream due to security.",
}


def protocol(kind: int, payload: bytes) -> list[Any]:
    """A message about the connection itself."""
    return _chunks.pieces(_PROTOCOL, kind, 0, payload, _chunks.FIRST_SIZE)


def control(event: int, number: int) -> list[Any]:
    """An event with its number."""
    return protocol(_chunks.CONTROL, struct.pack(">HI", event, number))


def acknowledgement(received: int) -> list[Any]:
    """How many bytes came so far."""
    return protocol(_chunks.ACKNOWLEDGEMENT, struct.pack(">I", received & 0xFFFFFFFF))


def command(channel: int, stream: int, *values: Any, size: int = CHUNK_SIZE) -> list[Any]:
    """A command, or the answer to one."""
    return _chunks.pieces(channel, _chunks.COMMAND, stream, _amf0.encode(*values), size)


def result(number: float, value: Any) -> list[Any]:
    """The answer to a command."""
    return command(_CONNECTION, 0, "_result", number, None, value)


def welcome(number: float) -> list[Any]:
    """The answer to whoever connects, with the sizes that hold from here on."""
    about = {"fmsVer": "FMS/3,5,7,7009", "capabilities": 31, "mode": 1}
    status = {
        "level": "status",
        "code": "NetConnection.Connect.Success",
        "description": "Connection succeeded.",
        "objectEncoding": 0,
    }
    return [
        *protocol(_chunks.WINDOW, struct.pack(">I", WINDOW)),
        *protocol(_chunks.BANDWIDTH, struct.pack(">IB", WINDOW, 2)),
        *protocol(_chunks.SET_CHUNK_SIZE, struct.pack(">I", CHUNK_SIZE)),
        *control(BEGIN, 0),
        *command(_CONNECTION, 0, "_result", number, about, status),
    ]


def no_application(number: float) -> list[Any]:
    """To whoever connects to what there is not for him."""
    status = {
        "level": "error",
        "code": "NetConnection.Connect.Rejected",
        "description": "No such application.",
    }
    size = _chunks.FIRST_SIZE
    return command(_CONNECTION, 0, "_error", number, None, status, size=size)


def refusal(direction: str, stream: int, name: str) -> list[Any]:
    """To whoever may not publish or play, as the server itself says it."""
    status = {
        "level": "error",
        "code": "NetStream.Publish.BadName",
        "description": _REFUSALS[direction],
        "details": name,
    }
    return command(_ABOUT, stream, "onStatus", 0, None, status)


def failure(stream: int) -> list[Any]:
    """To whoever may, but the server does not answer."""
    status = {
        "level": "error",
        "code": "NetStream.Failed",
        "description": "The server does not answer.",
    }
    return command(_ABOUT, stream, "onStatus", 0, None, status)
