# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which hosts can take part, before anything is done.

PRIVATE to the collection.

Pure. A preflight is, by host, what the module ``settings`` predicted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    quorum as _quorum,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.evidence import Host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import (
    PROMOTE,
    Plan,
)

# How far a host's clock may be off. What a call takes to get to a host makes its clock seem to be
# ahead, never behind.
MOST_BEHIND, MOST_AHEAD = 2.0, 10.0


class RotationRefused(Faults):
    """Nothing was done, but for earlier passes."""

    def __init__(self, faults: Iterable[str], after: Sequence[str] = ()) -> None:
        state = "nothing was changed"
        if after:
            state = f"the secrets of {', '.join(after)} were exchanged, nothing else was changed"
        super().__init__(faults, state)


def absent(hosts: Mapping[str, Host], quorum: str | int) -> dict[str, str]:
    """Hosts that cannot take part, with the reason, where the quorum does not excuse them."""
    found = {name: host.trouble for name, host in sorted(hosts.items()) if host.trouble}
    return {} if _quorum.enough(quorum, len(hosts), found) else found


def refuse_unable(movers: Iterable[str], preflight: Mapping) -> None:
    """:raises RotationRefused: for hosts that are there and could not take what they tried."""
    faults, _lost = _looked_through(movers, preflight)
    if faults:
        raise RotationRefused(faults)


def lost(
    plans: Mapping[str, Plan], preflight: Mapping, quorum: str | int, after: Sequence[str]
) -> dict[str, str]:
    """Hosts that went away since the plans were made, with the reason.

    :arg after: names of the passes that were before this one.
    :raises RotationRefused: for hosts that could not take what they tried, and where too few are
        left.
    """
    faults, found = _looked_through(movers(plans), preflight)
    for scope, plan in plans.items():
        gone = plan.gone(found)
        if PROMOTE in plan.steps and not _quorum.enough(quorum, plan.hosts, gone):
            why = "; ".join(f"{host}: {reason}" for host, reason in gone.items())
            faults.append(f"{scope}: not enough hosts (antmedia_rotation_quorum): {why}")
    if faults:
        raise RotationRefused(faults, after)
    return found


def movers(plans: Mapping[str, Plan]) -> list[str]:
    """Hosts that are to be changed."""
    return sorted({host for plan in plans.values() for host in plan.move})


def _looked_through(hosts, preflight):
    """Faults that stop everything, and hosts that went away meanwhile."""
    faults, gone = [], {}
    for host in hosts:
        result = preflight.get(host)
        if result is None or result.get("unreachable"):
            gone[host] = "cannot be reached any more"
        elif result.get("failed"):
            faults.append(str(result.get("msg", "failed")).replace("\n", " "))
        elif result.get("restart_required"):
            reasons = result.get("reasons")
            names = ", ".join(map(str, reasons if isinstance(reasons, list) else ()))
            faults.append(
                f"{host}: would need a restart for {names}, which"
                " antmedia_apply or antmedia_service_manager does not allow"
            )
        else:
            faults.extend(_clock(host, result.get("clock_ahead")))
    return faults, gone


def _clock(host: str, ahead: object) -> Iterator[str]:
    """What is wrong with the clock of a host that is to switch at an agreed instant."""
    if ahead is not None and not isinstance(ahead, (int, float)):
        yield f"{host}: did not say what time it is there"
    elif ahead is not None and not -MOST_BEHIND <= ahead <= MOST_AHEAD:
        way = "ahead of" if ahead > 0 else "behind"
        yield (
            f"{host}: its clock is {abs(ahead):.0f} s {way} the controller's, so it would switch at"
            " another instant than the others, and misjudge when tokens expire: set it right (NTP)"
        )


def split(hosts: Sequence[str], batches: Sequence[str | int]) -> list[list[str]]:
    """Hosts in batches: numbers or percentages, the last of which goes on to the end."""
    found, rest, sizes = [], list(hosts), list(batches) or ["100%"]
    for size in sizes:  # the last ones too, before anything is done
        _quorum.need(size, 1, "antmedia_batches")
    while rest:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        count = min(_quorum.need(size, len(hosts), "antmedia_batches"), len(rest))
        found.append(rest[:count])
        rest = rest[count:]
    return found
