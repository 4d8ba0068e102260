# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What facts tell of a gate: whether it is there, runs and is open, and which part is not right.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    held as _held,
    installed as _installed,
    policy as _policy,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.held import GateError


def of(held: _held.Held | None) -> dict[str, Any] | None:
    """The gate on this host; None where there is none. Secrets are fingerprints."""
    if held is None:
        return None
    policy = held.policy
    try:
        faults = _installed.faults()
    except GateError as error:
        faults = [str(error)]
    return {
        "home": policy.home if policy else None,
        "ports": dict(vars(policy.listen)) if policy else {},
        "server_ports": dict(vars(policy.upstream)) if policy else {},
        "apps": {name: _app(app) for name, app in policy.applications.items()} if policy else {},
        "open": bool(policy) and not faults,
        "faults": [held.why, *faults] if held.why else faults,
    }


def _app(app: _policy.Application) -> dict[str, Any]:
    return {
        "publish": _direction(app.publish),
        "play": _direction(app.play),
        "play_rtmp": app.play.rtmp,
        "publishers": None if app.publishers is None else list(map(str, app.publishers)),
        "viewers_per_token": app.viewers_per_token,
    }


def _direction(direction: _policy.Direction) -> dict[str, Any]:
    return {
        "kind": direction.kind,
        "secrets": [
            {"fingerprint": _secret.fingerprint(secret.secret), "until": secret.until}
            for secret in direction.secrets
        ],
    }
