# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `secret-shared`: hosts that should not share a secret do.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
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

STEP = "Give each group of hosts a fleet of its own (antmedia_fleet), and rotate its secrets."


def judge(fleet: Mapping[str, Evidence]) -> Mapping[str, Finding]:
    """Whether hosts of two fleets have one secret."""
    sides = {name: _fleets.side(evidence) for name, evidence in fleet.items()}
    if len(set(sides.values())) < 2:
        return {}
    found: dict[str, Finding] = {}
    holders: dict[str, dict[str, str]] = {}
    for name, evidence in fleet.items():
        try:
            held = dict(_held(evidence))
        except CannotTell as why:
            found[name] = _control.cannot_tell(str(why))
            continue
        found[name] = _control.passed("no host of another fleet has a secret of this one")
        for fingerprint, secret in held.items():
            holders.setdefault(fingerprint, {})[name] = secret
    faults: dict[str, list[Fault]] = {}
    for fingerprint, hosts in holders.items():
        for name, secret in hosts.items():
            others = sorted(other for other in hosts if sides[other] != sides[name])
            if others:
                text = f"{secret} ({fingerprint}) is that of {_fleets.named(others)}, too"
                faults.setdefault(name, []).append(Fault(text, step=STEP))
    return {**found, **{name: _control.found(each) for name, each in faults.items()}}


def _held(evidence):
    """Pairs of a fingerprint and the secret that has it."""
    for place in evidence.places():
        for secret in _words.SECRETS.values():
            if place.has(secret.setting):
                part = place.secret(secret.setting)
                if part:
                    yield part.text("fingerprint"), f"{place.title}: {secret.setting}"


CONTROL = FleetControl(
    id="secret-shared",
    title="A secret is that of hosts of another fleet, too",
    severity="high",
    topic="fleet",
    judge=judge,
    page=Page(
        what=(
            "Fingerprints of the secrets of all hosts of the run. Hosts belong together by"
            " `antmedia_fleet`, or else by a group called `production`, `staging`, `test`,"
            " `development` or the like."
        ),
        why=(
            "Whoever is root on a staging machine, or reads its backups, can make tokens for"
            " production. Staging is where such things are taken lightly."
        ),
        attack="A token that is made for a stream of staging opens the same stream in production.",
        remedy=(
            "Give each group its own name of a fleet, `antmedia_fleet: staging`, and rotate: the"
            " store keeps secrets by fleet."
        ),
        references=("docs/rotation.md", "docs/security.md"),
    ),
)
