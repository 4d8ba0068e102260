# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `list-denies-all`: a list lets nobody in.

PRIVATE to the collection.
"""

from __future__ import annotations

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
    shown,
)

# Lists where an empty one means nobody, and the switch that has it looked at.
LISTS = {"server.allowed_dashboard_CIDR": "", "remoteAllowedCIDR": "ipFilterEnabled"}


def judge(evidence: Evidence) -> Finding:
    """Whether somebody is in every list."""
    return _control.in_files(
        evidence,
        _faults,
        says="somebody is in every list",
    )


def _faults(place: Place) -> list[Fault]:
    found = []
    for setting, switch in LISTS.items():
        if not place.has(setting) or (switch and not place.on(switch)):
            continue
        text = place.text(setting)
        if not _lists.networks(text):
            policy = _remedy.list_of(place, setting, ["127.0.0.1"])
            line = f"{place.title}: {setting} is '{shown(text)}', which lets nobody in"
            found.append(Fault(line, place.name, policy))
    return found


CONTROL = Control(
    id="list-denies-all",
    title="A list of addresses lets nobody in",
    severity="medium",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Whether the server finds anybody in `server.allowed_dashboard_CIDR` and in each"
            " `remoteAllowedCIDR`."
        ),
        why=(
            "A list that is empty, missing, or has no entry that the server can read, lets nobody"
            " in: not the panel, which asks applications from 127.0.0.1, and not you, when you have"
            " to act."
        ),
        attack=(
            "None by itself. But who is locked out in the middle of an incident opens the list to"
            " everybody, or turns the filter off."
        ),
        remedy="Name who is to be let in. If nobody is, waive it.",
        references=("docs/values.md", "docs/first-hour.md"),
    ),
)
