# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `signaling-open`: strangers may find each other through the server.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)

SETTING = "signalingEnabled"


def judge(evidence: Evidence) -> Finding:
    """Whether signaling is on."""
    if not evidence.enterprise:
        return _control.not_applicable("this edition has no signaling")
    return _control.in_apps(
        evidence,
        _faults,
        says="signaling is off",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not app.has(SETTING):
        return None
    policy = _control.of_app(app, settings={SETTING: False})
    return [Fault(f"{app.title}: {SETTING} is on", app.name, policy)] if app.on(SETTING) else []


CONTROL = Control(
    id="signaling-open",
    title="The server introduces everybody to everybody, peer to peer",
    severity="low",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what="`signalingEnabled` of each application; off as shipped.",
        why=(
            "It serves `/websocket/signaling` for calls from peer to peer. Whether any token is"
            " asked for there is not known, and media then goes past the server."
        ),
        attack="Strangers use your server to find each other.",
        remedy="Turn it off, unless you use it.",
        references=("docs/doors.md",),
    ),
)
