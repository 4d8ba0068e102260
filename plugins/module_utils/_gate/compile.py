# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From what a policy wants of a server to the policy of the gate in front of it.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import policy as _policy
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    gate as _place,
    wanted as _wanted,
)

_SECRET = _words.SECRETS["stream"].setting
_RTMP_PLAY = "rtmpPlaybackEnabled"

# The text of a setting of an application, empty for none.
Holds = Callable[[str], str]


def compile_policy(
    gate: _wanted.Gate,
    wanted: _wanted.Wanted,
    installation: Installation,
    held: _policy.Policy | None,
    now: float,
) -> _policy.Policy:
    """The policy of a gate that a policy asks for.

    What it does not name is as the server's files have it: so what they say, the gate enforces.

    :arg gate: the gate that is to be there, of what is wanted.
    :arg held: what the gate on the host has so far; None where there is none, or it is broken.
    :arg now: Unix seconds.
    """
    ports = gate.ports
    return _policy.Policy(
        installation.home,
        installation.version_text,
        _policy.Upstream(gate.server_ports["http"], gate.server_ports["rtmp"]),
        _policy.Listen(
            ports["http"],
            ports.get("https"),
            ports["rtmp"],
            ports.get("rtmps"),
            _place.ANSWERS_PORT,
        ),
        _policy.Certificate(gate.certificate, gate.key) if gate.certificate else None,
        tuple(_cidr.networks_of(gate.proxies)),
        _listed(_holds(wanted, installation, "")("server.allowed_dashboard_CIDR")),
        {
            app: _application(
                _holds(wanted, installation, app),
                _has_switch(installation),
                held.applications.get(app) if held else None,
                gate,
                now,
            )
            for app in installation.apps
        },
        gate.hsts if gate.certificate else 0,
    )


def _holds(wanted: _wanted.Wanted, installation: Installation, app: str) -> Holds:
    def text(name: str) -> str:
        named = wanted.of(app).get(name)
        return (installation.effective(app, name) if named is None else named) or ""

    return text


def _has_switch(installation: Installation) -> bool:
    """Whether the server has a switch for playing over RTMP."""
    return _catalogue.by_name(_catalogue.APP, _RTMP_PLAY).exists_in(installation.version)


def _application(
    holds: Holds,
    has_switch: bool,
    held: _policy.Application | None,
    gate: _wanted.Gate,
    now: float,
) -> _policy.Application:
    def direction(name: str, before: _policy.Direction | None, rtmp: str) -> _policy.Direction:
        if not _catalogue.on(holds(_words.SWITCHES[name]["jwt"])):
            return _policy.Direction(_policy.NONE, (), rtmp)
        before_secrets = before.secrets if before else ()
        secrets = with_previous(holds(_SECRET), before_secrets, gate.overlap, now)
        return _policy.Direction(_policy.JWT, secrets, rtmp)

    plays = not has_switch or _catalogue.on(holds(_RTMP_PLAY))
    publishers = holds("allowedPublisherCIDR")
    narrow = _catalogue.on(holds("ipFilterEnabled"))
    return _policy.Application(
        direction("publish", held.publish if held else None, _policy.REFUSED),
        direction("play", held.play if held else None, _policy.ASKED if plays else _policy.REFUSED),
        _listed(publishers) if publishers else None,
        _listed(holds("remoteAllowedCIDR")) if narrow else None,
        gate.viewers,
    )


def _listed(text: str) -> tuple[_policy.Network, ...]:
    return tuple(_cidr.networks_of(text))


def with_previous(
    current: str, before: tuple[_policy.Secret, ...], overlap: int, now: float
) -> tuple[_policy.Secret, ...]:
    """The secrets that count: the current one, and for a while those that were good before it."""
    found = [_policy.Secret(current)] if current else []
    latest = int(now) + overlap
    for secret in before:
        until = latest if secret.until is None else min(secret.until, latest)
        if secret.secret != current and until > now:
            found.append(_policy.Secret(secret.secret, until))
    return tuple(found)
