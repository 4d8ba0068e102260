# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `version-drift`: nodes of one fleet have different versions.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    fleets as _fleets,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Evidence,
    Fault,
    Finding,
    FleetControl,
    Page,
)

STEP = "Upgrade those that are behind."


def judge(fleet: Mapping[str, Evidence]) -> Mapping[str, Finding]:
    """Whether hosts that belong together have one version and edition."""
    return _fleets.compare(fleet, _versions_of, _fault, "its version is that of the others")


def _versions_of(evidence: Evidence) -> Mapping[str, str]:
    return {"version": _versions.shown(evidence.version), "edition": evidence.edition}


def _fault(evidence: Evidence, key: str, others: str) -> Fault:
    mine = _versions_of(evidence)[key]
    return Fault(f"{key} {mine} is not that of {others}", step=STEP)


CONTROL = FleetControl(
    id="version-drift",
    title="Nodes of one fleet have different versions or editions",
    severity="low",
    topic="fleet",
    judge=judge,
    page=Page(
        what=(
            "Version and edition of hosts that belong together by `antmedia_fleet` or by their"
            " groups."
        ),
        why=(
            "One policy means different things on two versions: keys are spelled otherwise, doors"
            " are there or not, faults are mended or not."
        ),
        attack="The node that was forgotten is the one that is tried.",
        remedy="Upgrade the others.",
        references=("docs/upgrade.md",),
    ),
)
