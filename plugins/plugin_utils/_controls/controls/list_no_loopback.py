# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `list-no-loopback`: the panel cannot ask an application.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    cidr as _cidr,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    lists as _lists,
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

LIST, FILTER, LOOPBACK = "remoteAllowedCIDR", "ipFilterEnabled", "127.0.0.1"


def judge(evidence: Evidence) -> Finding:
    """Whether the host itself is in the list of each application."""
    return _control.in_apps(
        evidence,
        _faults,
        says="every application lets in the host itself",
    )


def _faults(app: Place) -> list[Fault]:
    networks = _lists.networks(app.text(LIST))
    # A list of nobody is another control's.
    if not networks or not app.on(FILTER) or _cidr.contains(app.text(LIST), LOOPBACK):
        return []
    policy = _remedy.list_of(app, LIST, [LOOPBACK, *map(str, networks)])
    return [Fault(f"{app.title}: {LIST} does not have {LOOPBACK}", app.name, policy)]


CONTROL = Control(
    id="list-no-loopback",
    title="The panel cannot ask the REST API of an application",
    severity="low",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what="Whether `remoteAllowedCIDR` of each application has 127.0.0.1.",
        why=(
            "The web panel asks applications from 127.0.0.1. Without it the panel's pages of the"
            " application are empty, and so is whatever script on the host asks it."
        ),
        attack="None. But who finds the panel broken opens the list to everybody.",
        remedy="Add 127.0.0.1; the lines below keep what is in the list.",
        references=("docs/values.md",),
    ),
)
