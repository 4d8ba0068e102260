# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which hosts belong together.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
from collections import Counter
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
        if len(hosts) < 2:
            continue
        counts: dict[str, Counter] = {}
        for held in hosts.values():
            for key, value in held.items():
                counts.setdefault(key, Counter())[value] += 1
        others = functools.lru_cache(maxsize=None)(functools.partial(_others, hosts))
        for name, held in hosts.items():
            odd = [key for key, value in held.items() if _is_odd(counts[key], value)]
            faults = [fault(fleet[name], key, others(key, held[key])) for key in odd]
            found[name] = _control.found(faults, says)
    return found


def _is_odd(counts: Counter, value: Hashable) -> bool:
    """Whether at least as many have something else; each of two differs from the other."""
    return len(counts) > 1 and sum(counts.values()) >= 2 * counts[value]


def _others(hosts, key, value):
    return named(sorted(o for o, held in hosts.items() if key in held and held[key] != value))
