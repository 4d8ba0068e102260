# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `web-xml-drift`: nodes of one fleet answer other sites differently.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

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

STEP = "Have the same web.xml on all nodes, and restart those that get another."


def judge(fleet: Mapping[str, Evidence]) -> Mapping[str, Finding]:
    """Whether what the web.xml files say is the same on hosts that belong together."""
    return _fleets.compare(fleet, _files, _fault, "its web.xml files say what the others' say")


def _files(evidence: Evidence) -> Mapping[str, tuple]:
    headers = evidence.found.part("headers")
    found = {}
    for place in evidence.places():
        if headers.known(place.raw_name):
            told = headers.part(place.raw_name)
            flags = tuple(told.flag(name) for name in ("cors", "credentials", "hsts"))
            lacks = tuple(sorted(row.text("filter") for row in place.lacks))
            found[place.title] = (flags, told.text("origins"), lacks)
    return found


def _fault(evidence: Evidence, key: str, others: str) -> Fault:
    app = next((place.name for place in evidence.places() if place.title == key), "")
    return Fault(f"{key}: its web.xml is not that of {others}", app, step=STEP)


CONTROL = FleetControl(
    id="web-xml-drift",
    title="Nodes of one fleet have different filters in their web.xml",
    severity="medium",
    topic="fleet",
    judge=judge,
    page=Page(
        what=(
            "What the `web.xml` of the panel and of applications of the same name say of other"
            " sites, of TLS, and which filters they lack, of hosts that belong together by"
            " `antmedia_fleet` or by their groups."
        ),
        why=(
            "These files are of each node alone: no cluster keeps them alike, and an upgrade"
            " brings back the shipped one. A node where a filter is missing is open."
        ),
        attack="Somebody asks each node by its own address, until one answers.",
        remedy="Copy the right file to all.",
        references=(
            "docs/filters.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/8096",
        ),
    ),
)
