# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `play-hook-partial`: a hook of players is asked for WebRTC alone.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    guards as _guards,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)

SETTING = "webhookPlayAuthUrl"


def judge(evidence: Evidence) -> Finding:
    """Whether a hook is all that players are asked for."""
    if not evidence.enterprise:
        return _control.not_applicable("this edition asks no such hook")
    return _control.in_apps(
        evidence,
        _faults,
        says="where a hook decides who plays, a token is asked for as well",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not app.has(SETTING) or not app.text(SETTING).strip():
        return None
    if _guards.tokens(app, "play"):
        return []
    text = f"{app.title}: {SETTING} is set, and HLS, DASH, RTMP and recordings do not ask it"
    return [Fault(text, app.name, *_remedy.guarded(app, "play"))]


CONTROL = Control(
    id="play-hook-partial",
    title="The hook that decides who plays is asked for WebRTC alone",
    severity="medium",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what="Applications whose only guard of playing is `webhookPlayAuthUrl`.",
        why=(
            "That hook is asked for WebRTC. HLS, DASH, RTMP and recordings of the same stream are"
            " played to everybody."
        ),
        attack="`GET /LiveApp/streams/STREAM.m3u8`: the hook never hears of it.",
        remedy="Ask for a token as well; the hook can stay.",
        references=("docs/doors.md",),
    ),
)
