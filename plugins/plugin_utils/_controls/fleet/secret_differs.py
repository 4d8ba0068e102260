# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `secret-differs`: nodes of one fleet have different secrets.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    fleets as _fleets,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Evidence,
    Fault,
    Finding,
    FleetControl,
    Page,
)


def judge(fleet: Mapping[str, Evidence]) -> Mapping[str, Finding]:
    """Whether a secret that matters is the same on hosts that belong together."""
    return _fleets.compare(fleet, _secrets, _fault, "its secrets are those of the others")


def _secrets(evidence: Evidence) -> Mapping[str, str]:
    found = {}
    for place in evidence.places():
        for use in _remedy.secrets_in_use(place):
            secret = place.secret(use.setting)
            found[_key(place, use.setting)] = secret.text("fingerprint") if secret else ""
    return found


def _key(place, setting):
    return f"{place.title}: {setting}"


def _fault(evidence: Evidence, key: str, others: str) -> Fault:
    app, policy = next(
        (place.name, use.policy)
        for place in evidence.places()
        for use in _remedy.secrets_in_use(place)
        if _key(place, use.setting) == key
    )
    return Fault(f"{key} is not that of {others}", app, policy)


CONTROL = FleetControl(
    id="secret-differs",
    title="Nodes of one fleet have different secrets",
    severity="medium",
    topic="fleet",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Fingerprints of the secrets that are on, of hosts that belong together by"
            " `antmedia_fleet`, or else by a group called `production`, `staging`, `test`,"
            " `development` or the like."
        ),
        why=(
            "Behind a balancer a token that one node takes is refused by the next, and viewers see"
            " that at random. It is also what a rotation by hand leaves that reached some nodes"
            " only: there the old secret still holds."
        ),
        attack="Whoever has the old secret tries the nodes one after the other.",
        remedy="Keep the fleet's secrets in one store, and run `secure` on all hosts.",
        references=(
            "docs/rotation.md",
            "docs/scale.md",
        ),
    ),
)
