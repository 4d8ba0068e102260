# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `list-entry-dropped`: an entry of a list is not what it says.

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

STEP = "See whether the entries that were dropped are to be in the list, and write them as blocks."


def judge(evidence: Evidence) -> Finding:
    """Whether the server takes every entry of every list for what it says."""
    return _control.in_files(
        evidence,
        _faults,
        says="every entry of every list is an address or a block",
    )


def _faults(place: Place) -> list[Fault]:
    found = []
    for setting in _remedy.LISTS:
        if not place.has(setting):
            continue
        text = place.text(setting)
        served = _lists.networks(text)
        # What nobody gets in by is another control's.
        policy = _remedy.list_of(place, setting, list(map(str, served))) if served else {}
        found += [
            Fault(f"{place.title}: {setting}: {shown(oddity)}", place.name, policy, STEP)
            for oddity in _lists.oddities(text)
        ]
    return found


CONTROL = Control(
    id="list-entry-dropped",
    title="The server does not take an entry of a list for what it says",
    severity="medium",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Every entry of `server.allowed_dashboard_CIDR`, `remoteAllowedCIDR` and"
            " `allowedPublisherCIDR`, read as the server reads it."
        ),
        why=(
            "An entry with a blank behind it, a netmask, a semicolon or quotes is dropped without a"
            " word. An empty one is taken for 127.0.0.1, `10.1` for 10.0.0.1, and a host name is"
            " looked up on every request. So somebody is kept out, or let in, whom the list does"
            " not show."
        ),
        attack=(
            "Whoever can answer for a name in DNS is let in by it. People who were kept out by a"
            " dropped entry write `0.0.0.0/0` instead."
        ),
        remedy=(
            "Write addresses and blocks. The lines below are what the server understands of the"
            " list now; add what was dropped."
        ),
        references=("docs/values.md",),
    ),
)
