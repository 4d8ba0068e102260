# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What of this host people reach: the server itself, or the gate in front of it.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    held as _held,
    units as _units,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    listener as _listener,
)

_HERE = "127.0.0.1"


@dataclass(frozen=True)
class Entrance:
    """Where to ask, and what is good there.

    http, rtmp, rtmps: pairs of host and port. peer: who has to be there. gate: whether it is one.
    tls: whether it sends people from HTTP to HTTPS. overlap: previous secrets that are good for a
    while yet, as (application, secret), and the Unix second in which each no longer is. behind:
    ports that only this host is to reach.
    """

    http: tuple[str, int]
    rtmp: tuple[str, int]
    rtmps: tuple[str, int]
    peer: _listener.Listener
    gate: bool = False
    tls: bool = False
    overlap: tuple[tuple[str, str, int], ...] = ()
    behind: tuple[int, ...] = ()


def of(installation: Installation, held: _held.Held | None = None) -> Entrance:
    """The entrance of a host.

    :kwarg held: the gate on it; None for none.
    """
    policy = held.policy if held else None
    if not policy or policy.home != installation.home:
        peer = _listener.of(installation.home)
        return Entrance(
            _at(installation, "http", 5080),
            _at(installation, "rtmp", 1935),
            _at(installation, "rtmps", 8443),
            peer,
        )
    listen = policy.listen
    now = time.time()
    overlap = {
        (name, secret.secret, secret.until)
        for name, app in policy.applications.items()
        for direction in (app.publish, app.play)
        for secret in direction.secrets
        if secret.until is not None and secret.until > now
    }
    return Entrance(
        (_HERE, listen.http),
        (_HERE, listen.rtmp),
        (_HERE, listen.rtmps or 0),
        _listener.OfAccounts(_units.DAEMON, _units.NGINX),
        gate=True,
        tls=listen.https is not None,
        overlap=tuple(sorted(overlap)),
        behind=tuple(sorted((policy.upstream.http, policy.upstream.rtmp, listen.answers))),
    )


def _at(installation: Installation, name: str, port: int) -> tuple[str, int]:
    return installation.host(f"{name}.host"), installation.number(f"{name}.port", port)
