# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `apps-drift`: nodes of one fleet have different applications.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    fleets as _fleets,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Evidence,
    Fault,
    Finding,
    FleetControl,
    Page,
)

STEP = "Delete it, or make it on the others."


def judge(fleet: Mapping[str, Evidence]) -> Mapping[str, Finding]:
    """Whether hosts that belong together have the same applications."""
    names: dict[str, set[str]] = {}
    for evidence in fleet.values():
        try:
            names.setdefault(_fleets.side(evidence), set()).update(
                app.name for app in evidence.apps
            )
        except CannotTell:
            continue  # which is told of that host below

    def apps(evidence):
        own = {app.name for app in evidence.apps}
        return {name: name in own for name in sorted(names[_fleets.side(evidence)])}

    return _fleets.compare(fleet, apps, _fault, "its applications are those of the others")


def _fault(evidence: Evidence, key: str, others: str) -> Fault:
    there = any(app.name == key for app in evidence.apps)
    if there:
        return Fault(f"{key} is here, and not on {others}", key, step=STEP)
    return Fault(f"{key} is on {others}, and not here", key, step=STEP)


CONTROL = FleetControl(
    id="apps-drift",
    title="An application is on some nodes of a fleet only",
    severity="low",
    topic="fleet",
    judge=judge,
    page=Page(
        what=(
            "The applications of hosts that belong together by `antmedia_fleet` or by their groups."
        ),
        why=(
            "An application that only one node has was mostly made for a try and forgotten. It has"
            " the settings that it was made with, which let everybody publish and play, and"
            " nobody's policy names it."
        ),
        attack="`live` or `WebRTCApp` of the shipped files takes streams of strangers.",
        remedy="Delete what nobody uses; `delete_app.sh` does.",
        references=("docs/first-hour.md",),
    ),
)
