# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The exchange on all hosts: it begins in the store, and may be called off up to the instant.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    orders as _orders,
    plan as _plan,
    preflight as _preflight,
    quorum as _quorum,
    told as _told,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.evidence import Host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import (
    PROMOTE,
    STAGE,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    changes as _changes,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Store,
)

# How long a lock holds without being renewed, beside what hosts are waited for.
LOCK_SECONDS = 900.0
SHORTEST_LEAD = 5.0
# Calling a cutover off takes hosts no longer than preparing it, and this much to be sure.
CALL_OFF_SECONDS = 1.0


@dataclass(frozen=True)
class Timing:
    """When the preflight began and a clock, in Unix time; the operator's own lead and how long a
    batch may drain, in seconds."""

    since: float | None
    lead: float | None
    clock: Callable[[], float]
    drain: float = 0.0

    def ahead(self, began: float) -> float:
        """Seconds until hosts switch: once all have been told, which takes as long as the
        preflight, and could be told the contrary."""
        if self.lead is not None:
            return self.lead
        preflight = began - self.since if self.since is not None else 0.0
        return max(SHORTEST_LEAD, 2.5 * preflight + 2.0)

    def hold(self, lead: float) -> float:
        """Seconds for which to lock."""
        return LOCK_SECONDS + 3 * lead + self.drain


def begin(
    store: Store,
    work: Mapping,
    hosts: Mapping[str, Host],
    preflight: Mapping,
    quorum: str | int,
    timing: Timing,
    batches: Sequence[str | int],
    check: bool,
) -> dict:
    """Lock and stage, once every host that is to be changed has shown that it can be.

    :arg work: a pass of :func:`_passes.make_passes`.
    :arg preflight: by host, what the module ``settings`` predicted.
    :arg check: only tell what it would do.
    :raises RotationRefused: and then neither store nor host was touched.
    """
    clock = timing.clock
    began = clock()
    plans = _plan.plans(work)
    lost = _preflight.lost(plans, preflight, quorum, work["after"])
    movers = [host for host in _preflight.movers(plans) if host not in lost]
    restarting = [host for host in movers if preflight[host].get("way") == "restart"]
    in_batches = _preflight.split(restarting, batches)
    lead = timing.ahead(began)
    hold = timing.hold(lead)
    marks = work["marks"] if check else _lock_and_stage(store, plans, work["marks"], hold)
    told = clock()
    return {
        **work,
        "marks": marks,
        "began_at": began,
        "lost": lost,
        "told_at": told,
        "cutover_at": told + lead,
        "hold": hold,
        "live": [host for host in movers if host not in restarting],
        "batches": in_batches,
        "hosts": _orders.orders(plans, hosts, lost),
        "lines": _told.announce(plans, movers, restarting, None if check else lead),
    }


def _lock_and_stage(store, plans, expect, hold):
    """Take the locks and stage what is to be staged; returns the fingerprints after that."""
    store.lock(plans, hold)
    try:
        staging = [scope for scope, plan in plans.items() if STAGE in plan.steps]
        others = [scope for scope in plans if scope not in staging]
        store.change(others, lambda document, _now: document, expect)
        store.change(
            staging,
            lambda document, now: _changes.stage(document, now, _changes.generate),
            expect,
        )
        return {scope: _plan.marks(store.load(scope)[0]) for scope in plans}
    except ValueError:
        store.unlock(plans)
        raise


def decide(work: Mapping, prepared: Mapping, quorum: str | int, now: float) -> dict:
    """Whether hosts that wait for the instant are told to give up: all of them, or none.

    :arg work: what :func:`begin` returned.
    :arg prepared: by host, what the module ``settings`` returned when it was told the instant.
    """
    told = {host: prepared.get(host) or {"unreachable": True} for host in work["live"]}
    waiting = [host for host, result in told.items() if result.get("cutover_pid")]
    gone = {host: "cannot be reached" for host, found in told.items() if found.get("unreachable")}
    why = [host for host, result in told.items() if result.get("failed")]
    for plan in _plan.plans(work).values():
        lost = plan.gone({**work["lost"], **gone})
        if PROMOTE in plan.steps and not _quorum.enough(quorum, plan.hosts, lost):
            why += sorted(gone)
    names = ", ".join(dict.fromkeys(why))
    if not names or not waiting:
        return {"call_off": [], "lines": []}
    if work["cutover_at"] - now < now - work["told_at"] + CALL_OFF_SECONDS:
        line = f"{names} cannot take part, and it is too late to call off the cutover of the others"
        return {"call_off": [], "lines": [line]}
    return {"call_off": waiting, "lines": [f"the cutover is called off: {names} cannot take part"]}


def stopped_by(changes: Mapping[str, Mapping]) -> list[str]:
    """Hosts on whose account no other is to be restarted.

    :arg changes: by host, what the module ``settings`` returned so far.
    """
    return sorted(host for host, result in changes.items() if result.get("failed"))
