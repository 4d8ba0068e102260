# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which hosts belong together.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Evidence,
    Fault,
    Finding,
)

# Names of groups that say what hosts are for, where the inventory names no fleets.
STAGES = {
    "production": ("production", "prod", "live"),
    "staging": ("staging", "stage", "preprod", "uat"),
    "test": ("test", "testing", "qa", "ci"),
    "development": ("development", "dev", "demo", "sandbox"),
}
MOST_NAMED = 5


def side(evidence: Evidence) -> str:
    """What a host belongs to: its fleet, or what its groups say it is for; empty for neither."""
    if evidence.fleet:
        return evidence.fleet
    groups = {group.lower() for group in evidence.groups}
    return next((stage for stage, names in STAGES.items() if groups & set(names)), "")


def named(hosts: list[str]) -> str:
    """Names of hosts in a line."""
    more = f" and {len(hosts) - MOST_NAMED} more" if len(hosts) > MOST_NAMED else ""
    return ", ".join(hosts[:MOST_NAMED]) + more


# What of a host is compared: by a name for people, something, and what mends it.
Traits = Callable[[Evidence], Mapping[str, Hashable]]


def compare(
    fleet: Mapping[str, Evidence],
    traits: Traits,
    fault: Callable[[Evidence, str, str], Fault],
    says: str,
) -> Mapping[str, Finding]:
    """Where a host is otherwise than most of those that it belongs to.

    :arg traits: what of a host is compared, by name.
    :arg fault: of a host, by the name of what differs and those from whom it does.
    :arg says: what to say of hosts that are alike.
    """
    found: dict[str, Finding] = {}
    sides: dict[str, dict[str, Mapping[str, Hashable]]] = {}
    for name, evidence in fleet.items():
        belongs = side(evidence)
        if not belongs:
            continue
        try:
            sides.setdefault(belongs, {})[name] = dict(traits(evidence))
        except CannotTell as why:
            found[name] = _control.cannot_tell(str(why))
    for hosts in sides.values():
        if len(hosts) > 1:
            for name, held in hosts.items():
                faults = [
                    fault(fleet[name], key, named(others))
                    for key in held
                    if (others := _others(hosts, name, key))
                ]
                found[name] = _control.found(faults, says)
    return found


def _others(hosts, name, key):
    """Those that differ from a host, where most of all do; each of two differs from the other."""
    mine = hosts[name][key]
    others = [other for other, held in hosts.items() if key in held and held[key] != mine]
    alike = sum(held.get(key, ...) == mine for held in hosts.values())
    return sorted(others) if len(others) >= alike else []
