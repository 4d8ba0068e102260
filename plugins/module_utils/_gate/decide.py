# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The decision of the gate: whether somebody may publish or play a stream. Pure, and the only one.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.doors import PUBLISH
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    policy as _policy,
    token as _token,
)

# How somebody asks: a player's request, a command of RTMP, or the server itself on behalf of a
# publisher whom it has, of whose address it says nothing.
HTTP, RTMP, HOOK = VIAS = ("http", "rtmp", "hook")
# The reason that is about who asks, not about what.
ADDRESS = "address"
# The server's own rule for ids of streams; none begins with a dot, which no path here does.
STREAM = re.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}", re.ASCII)


@dataclass(frozen=True)
class Ask:
    """What somebody asks for.

    token: None for none, ``_token.SEVERAL`` for more than one. address: of whoever asks, None where
    nobody knows it. via: see above.
    """

    direction: str
    app: str
    stream: str
    token: str | None = field(repr=False)
    address: str | None
    via: str


@dataclass(frozen=True)
class Verdict:
    """reason: why not, in a few words of a fixed set; empty where it is allowed."""

    allowed: bool
    reason: str = ""


ALLOWED = Verdict(True)


def decide(policy: _policy.Policy | None, ask: Ask, now: float) -> Verdict:
    """Whether what somebody asks for is allowed; nothing is while there is no policy."""
    reason = _why_not(policy, ask, now)
    return Verdict(False, reason) if reason else ALLOWED


def enters(policy: _policy.Policy | None, app: str, address: str) -> Verdict:
    """Whether somebody may connect to an application over RTMP at all, before a stream is named."""
    reason = ""
    found = policy.applications.get(app) if policy else None
    if not policy or not found:
        reason = _unknown(policy)
    elif found.play.rtmp == _policy.REFUSED:
        reason = _outside(found, address)
    return Verdict(False, reason) if reason else ALLOWED


def stays(policy: _policy.Policy | None, ask: Ask) -> bool:
    """Whether somebody who was let in over RTMP may go on under this policy.

    Tokens are asked for at the start only; and while there is no policy, who is in stays in.
    """
    if policy is None:
        return True
    app = policy.applications.get(ask.app)
    if ask.direction == PUBLISH:
        return app is not None and not _outside(app, ask.address)
    return app is not None and app.play.rtmp != _policy.REFUSED


def _why_not(policy, ask, now):
    app = policy.applications.get(ask.app) if policy else None
    if not app:
        return _unknown(policy)
    if ask.direction == PUBLISH:
        guard = app.publish
        reason = _outside(app, ask.address) if ask.via != HOOK else ""
    else:
        guard = app.play
        refused = ask.via == RTMP and guard.rtmp == _policy.REFUSED
        reason = "play over RTMP" if refused else ""
    if reason or guard.kind == _policy.NONE:
        return reason
    if not STREAM.fullmatch(ask.stream):
        return "no stream's name"
    return _token.check(ask.token, guard.secrets, ask.stream, ask.direction, now) or ""


def _unknown(policy):
    return "unknown application" if policy else "no policy"


def _outside(app, address):
    """Why a publisher's address is not let in; empty if it is."""
    if app.publishers is None:
        return ""
    found = real(address)
    inside = found is not None and any(found in network for network in app.publishers)
    return "" if inside else ADDRESS


def real(address: str | None) -> _policy.Address | None:
    """An address as people write it: IPv4 that came through IPv6 is IPv4. None if it is none."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped if found.version == 6 else None) or found
