# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which tokens an edition or a version of the server can use.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    doors as _doors,
    versions as _versions,
)

ENTERPRISE = "enterprise"


def faults(
    realm: str,
    kind: str,
    version: tuple[int, ...] = (),
    edition: str = "",
    registered: bool = False,
) -> list[str]:
    """Why a server can do nothing with a token.

    :kwarg version: numbers of the server's version, empty if unknown.
    :kwarg edition: ``community``, ``enterprise``, or empty if unknown.
    :kwarg registered: the token is a code of a subscriber with a secret of its own.
    """
    found = []
    text = _versions.shown(version)
    if realm == "stream" and edition and edition != ENTERPRISE:
        found.append(
            f"kind: the Community edition does not check {kind} tokens of streams:"
            " everybody may publish and play; use the Enterprise edition,"
            " or set antmedia_unenforceable: warn"
        )
    if version and realm == "management" and version < _versions.MANAGEMENT_JWT:
        found.append(f"realm: version {text} takes no management tokens; they came with 2.5.0")
    if version and kind == "totp" and not registered and version < _versions.COMMON_TOTP:
        found.append(
            f"kind: version {text} has no common TOTP secret, it came with 2.7.0;"
            " give the subscriber's own (subscriber_secret)"
        )
    return found


def usable(
    strings: dict[str, str], version: tuple[int, ...] = (), direction: str = ""
) -> dict[str, str]:
    """The strings that a version can serve.

    :kwarg direction: ``publish`` or ``play``; empty for those that are for neither.
    """
    return {name: text for name, text in strings.items() if not _old(name, version, direction)}


def missing(name: str, version: tuple[int, ...], direction: str) -> str:
    """Why there is no string of a name, empty if there is no such name in that direction."""
    if name in _NEEDS and not _old(name, version, direction):
        return _NEEDS[name]
    door = _doors.leads(name, direction)
    if door is None:
        return ""
    if door.since == _doors.NEVER:
        return door.before
    if version and version < door.since:
        came = f"version {_versions.shown(version)} has none, it came with"
        return door.before or f"{came} {_versions.shown(door.since)}"
    return "is not made for a subscriber's code" if name == "whip_header" else ""


# Strings that an option brings.
_NEEDS = {
    "rtmps": "needs endpoint.rtmps: true",
    "obs_server_rtmps": "needs endpoint.rtmps: true",
    "rtmps_play": "needs endpoint.rtmps: true",
    "hls_quality": "needs quality, such as 720p2000kbps",
    "vod_quality": "needs quality, such as 720p2000kbps",
}


def _old(name, version, direction):
    door = _doors.leads(name, direction)
    return bool(version and door and tuple(version) < door.since)
