# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `settings-drift`: nodes of one fleet have different settings.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
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

STEP = "Put the setting into the inventory for all of them, and run streamward.antmedia.secure."
ACCESS = tuple(setting for setting in _catalogue.SETTINGS if setting.realm and not setting.secret)


def judge(fleet: Mapping[str, Evidence]) -> Mapping[str, Finding]:
    """Whether settings of access mean the same on hosts that belong together."""
    return _fleets.compare(fleet, _settings, _fault, "its settings of access are the others'")


def _settings(evidence: Evidence) -> Mapping[str, str]:
    return {
        _key(place, setting.name): _meaning(setting, place.of_file(setting.name))
        for place in evidence.places()
        for setting in ACCESS
        if setting.file == _catalogue.file_of(place.name) and place.has(setting.name)
    }


def _meaning(setting, text):
    try:
        return _catalogue.normal(setting, text)
    except ValueError:
        return text


def _key(place, setting):
    return f"{place.title}: {setting}"


def _fault(evidence: Evidence, key: str, others: str) -> Fault:
    app = next(place.name for place in evidence.places() if key.startswith(_key(place, "")))
    return Fault(f"{key} is not that of {others}", app, step=STEP)


CONTROL = FleetControl(
    id="settings-drift",
    title="Nodes of one fleet let in different people",
    severity="medium",
    topic="fleet",
    judge=judge,
    page=Page(
        what=(
            "Settings of access of the server and of applications of the same name, of hosts that"
            " belong together by `antmedia_fleet` or by their groups."
        ),
        why=(
            "The fleet is as closed as its most open node, and a balancer sends everybody there"
            " sooner or later."
        ),
        attack="Somebody asks each node by its own address, until one answers.",
        remedy=(
            "Say it once in the inventory, for the group. Where a node has to differ, waive it."
        ),
        references=(
            "docs/scale.md",
            "docs/overruled.md",
        ),
    ),
)
