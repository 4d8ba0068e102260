# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Doors of playing and publishing where the server asks for no token, and what closes each.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    words as _words,
)

# The doors beside the first one of each direction; docs/doors.md describes them.
NAMES = (
    *("hls-adaptive", "hls-quality", "segment", "fragment", "ll-hls", "dash", "dash-segment"),
    *("recording", "recording-webm", "other-file", "rtmp-play", "rtmps-play", "preview"),
    *("cloud-file", "play-api", "rtmps", "chunked", "cloud-upload", "publish-api"),
)

# Those that a gate asks at, or closes: all but the API, whose tokens it cannot know from others.
BY_GATE = frozenset(NAMES) - {"play-api", "publish-api"}

# The text that a setting of an application will have, None for none.
Holds = Callable[[str], "str | None"]


@dataclass(frozen=True)
class Door:
    """A door that is open to whoever has no token.

    name: one of :data:`NAMES`. direction: ``play`` or ``publish``. why: what is open, in words.
    remedy: what closes it. is_open: whether the settings of an application open
    it. since, until: the versions with it.
    """

    name: str
    direction: str
    why: str
    remedy: str
    is_open: Callable[[Holds], bool]
    since: tuple[int, ...] = ()
    until: tuple[int, ...] = (1000,)


def _on(name: str) -> Callable[[Holds], bool]:
    return lambda holds: _catalogue.on(holds(name))


def _everybody(holds: Holds) -> bool:
    """Whether the list of the REST API lets everybody in."""
    listed = _cidr.contains(holds("remoteAllowedCIDR") or "", "0.0.0.0/0")
    return listed or not _catalogue.on(holds("ipFilterEnabled"))


def _open_api(holds: Holds) -> bool:
    return _everybody(holds) and not _catalogue.on(holds("jwtControlEnabled"))


RTMP_SWITCH = (2, 5, 0)
RTMP_TOKENS = (2, 16, 0)

OPEN = (
    Door(
        "rtmp-play",
        "play",
        "everybody plays over RTMP, which asks for no token before 2.16.0 and has no switch before"
        " 2.5.0",
        "upgrade the server",
        lambda _holds: True,
        until=RTMP_SWITCH,
    ),
    Door(
        "rtmp-play",
        "play",
        "everybody plays over RTMP, which asks for no token before 2.16.0",
        "set settings: {rtmpPlaybackEnabled: false}",
        _on("rtmpPlaybackEnabled"),
        since=RTMP_SWITCH,
        until=RTMP_TOKENS,
    ),
    Door(
        "preview",
        "play",
        "preview pictures are shown to everybody",
        "set settings: {generatePreview: false}",
        _on("generatePreview"),
    ),
    Door(
        "chunked",
        "publish",
        "everybody puts files in the place of streams, by /chunked, which goes by rest_cidrs only",
        "narrow rest_cidrs",
        _everybody,
    ),
    *(
        Door(
            f"{direction}-api",
            direction,
            "everybody has the REST API make tokens",
            "narrow rest_cidrs, or set rest_jwt: true",
            _open_api,
        )
        for direction in _words.DIRECTIONS
    ),
)


def open_doors(direction: str, version: tuple[int, ...], holds: Holds) -> list[Door]:
    """The doors of a direction that a server's settings leave open."""
    return [
        door
        for door in OPEN
        if door.direction == direction
        and door.since <= version < door.until
        and door.is_open(holds)
    ]


@dataclass(frozen=True)
class DeadSwitch:
    """A text of a setting that some versions take and do not act upon, and what happens there."""

    text: str
    why: str
    since: tuple[int, ...]
    until: tuple[int, ...]


DEAD_SWITCHES = {
    "rtmpPlaybackEnabled": DeadSwitch(
        "false",
        "is not enforced by 2.16.0 to 2.17.1, which let RTMP play whoever has the token for it, or"
        " everybody where none is needed",
        (2, 16, 0),
        (3, 0, 0),
    )
}


def is_dead(name: str, text: str, version: tuple[int, ...]) -> str:
    """Why a text of a setting does nothing in a version; empty if it does."""
    dead = DEAD_SWITCHES.get(name)
    if dead and dead.text == text and dead.since <= version < dead.until:
        return dead.why
    return ""
