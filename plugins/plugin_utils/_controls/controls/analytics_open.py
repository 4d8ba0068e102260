# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `analytics-open`: everybody may write events of analytics.

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

SETTING = "secureAnalyticEndpoint"
STEP = "Players have to send a token then, signed with the application's jwtSecretKey."


def judge(evidence: Evidence) -> Finding:
    """Whether events are taken without a token."""
    return _control.in_apps(
        evidence,
        _faults,
        says="events are taken with a token only",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not app.has(SETTING):
        return None
    if app.on(SETTING):
        return []
    policy = _control.of_app(app, settings={SETTING: True})
    return [Fault(f"{app.title}: {SETTING} is off", app.name, policy, STEP)]


CONTROL = Control(
    id="analytics-open",
    title="Everybody may write events of analytics",
    severity="low",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what="`secureAnalyticEndpoint` of each application, from 2.10.0 on.",
        why=(
            "`/analytic/events` stands behind no list of addresses. Whoever reaches it writes"
            " events of players, which are logged and counted as they come."
        ),
        attack=(
            "A loop of `POST /LiveApp/analytic/events/play` fills the log's disk and makes the"
            " numbers of viewers worth nothing."
        ),
        remedy=(
            "Turn it on where the players of yours can send a token in the event, or have a front"
            " not pass `/analytic/`."
        ),
        references=("docs/doors.md",),
    ),
)
