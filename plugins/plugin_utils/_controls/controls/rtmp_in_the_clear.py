# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `rtmp-in-the-clear`: tokens of publishers go in the clear.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    guards as _guards,
    reach as _reach,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)

STEP = "Turn on RTMPS with a certificate, and have publishers use rtmps://."


def judge(evidence: Evidence) -> Finding:
    """Whether RTMP is open to other hosts where publishers have tokens."""
    local = _reach.is_local(evidence.server.text("rtmp.host"))
    return _control.in_apps(
        evidence,
        lambda app: _faults(app, local),
        says="no tokens are sent over the network by RTMP without TLS",
    )


def _faults(app: Place, local: bool) -> list[Fault] | None:
    if not _guards.tokens(app, "publish"):
        return None
    if local:
        return []
    tls = app.evidence.server.on("rtmps.enabled")
    policy = {"antmedia_server_settings": {"rtmp.host": "127.0.0.1"}} if tls else {}
    line = f"{app.title}: publishers send their tokens over RTMP without TLS"
    return [Fault(line, app.name, policy, "" if tls else STEP)]


CONTROL = Control(
    id="rtmp-in-the-clear",
    title="Tokens of publishers go over the network without TLS",
    severity="medium",
    topic="tls",
    mends=True,
    judge=judge,
    page=Page(
        what="Whether RTMP without TLS is open to other hosts where publishers need a token.",
        why=(
            "The token stands in the address of the stream, and the address goes over the network"
            " as it is. Encoders in the field come by networks of strangers."
        ),
        attack=(
            "Who reads the address once publishes in the encoder's place, as long as the token"
            " holds."
        ),
        remedy="Turn on RTMPS, have publishers use it, and let RTMP listen on the host alone.",
        references=("docs/doors.md",),
    ),
)
