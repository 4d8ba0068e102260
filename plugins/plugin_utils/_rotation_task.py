# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The steps of a rotation on the store, between what hosts report and what they are told to do.

PRIVATE to the collection.

Takes and returns plain data, since it travels through Ansible between the steps. Nothing in it is
a secret.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from ansible_collections.streamward.antmedia.plugins.plugin_utils import (
    _rotation,
    _rotation_evidence,
    _run,
    _secrets,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._lifetime import words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    DISCARD,
    PROMOTE,
    PROVE,
    RETIRE,
    STAGE,
    SWITCH,
    Plan,
)

# The management API last: changing its secret restarts servers, and live changes go through it.
PASSES = (("applications", ("stream", "rest", "cluster")), ("management", ("management",)))
LOCK_TTL = 3600.0
SHORTEST_LEAD = 5.0
MOST_NAMES = 5


class RotationRefused(ValueError):
    """Nothing was done. ``faults`` holds every reason."""

    def __init__(self, faults):
        super().__init__("nothing was changed: " + "; ".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True)
class Selection:
    """Which scopes to work on; all applications for an empty ``apps``."""

    realms: tuple[str, ...]
    apps: tuple[str, ...] = ()

    def holds(self, scope: _secrets.Scope) -> bool:
        return scope.realm in self.realms and (
            not self.apps or not scope.app or scope.app in self.apps
        )


def make_passes(documents, hosts, options, selection, now) -> tuple[list[dict], list[str]]:
    """Plan every scope.

    :arg documents: of the store, by scope.
    :arg hosts: :class:`_rotation_evidence.Host` by name.
    :returns: the passes that have something to do, and the refusals.
    """
    passes, refusals = [], []
    chosen = [s for s in sorted(documents) if selection.holds(_secrets.Scope.parse(s))]
    for name, realms in PASSES:
        plans, secrets = {}, {}
        for scope in chosen:
            if _secrets.Scope.parse(scope).realm not in realms:
                continue
            secrets[scope] = _secret(scope, documents[scope], now)
            seen = _rotation_evidence.seen(hosts, scope)
            plans[scope] = _rotation.make_plan(secrets[scope], seen, options, now)
            refusals.extend(plans[scope].refusal)
        working = {scope: plan for scope, plan in plans.items() if plan.steps}
        if working:
            passes.append(
                {
                    "name": name,
                    "plans": {scope: asdict(plan) for scope, plan in working.items()},
                    "marks": {scope: _marks(secrets[scope]) for scope in working},
                    "hosts": {
                        host: {"try": _rotation_evidence.pick(hosts[host], wanted)}
                        for host, wanted in _wanted(working, trial=True).items()
                    },
                    "lines": [
                        line
                        for scope, plan in working.items()
                        for line in describe(plan, secrets[scope])
                    ],
                }
            )
    return passes, list(dict.fromkeys(refusals))


def _secret(scope, document, now):
    have = _secrets.fingerprints(document)
    run = _run.identity()["run"]
    locked = ""
    try:
        _secrets.refuse_locked(document, run, now, _run.alive)
    except _secrets.Locked as error:
        locked = str(error)
    return _rotation.Secret(
        scope,
        have.get("pending", ""),
        have.get("current", ""),
        have.get("previous", ""),
        _secrets.unix(document.get("current", {}).get("created", "")),
        _secrets.unix(document.get("previous", {}).get("superseded", "")),
        tuple(_secrets.retired(document)),
        locked,
    )


def _marks(secret):
    return {version: getattr(secret, version) for version in _secrets.VERSIONS}


def _plan(data: Mapping) -> Plan:
    """A plan that went through Ansible."""
    fields = dict(data)
    for name in ("steps", "move", "prove", "refusal", "notes"):
        fields[name] = tuple(fields[name])
    return Plan(**fields)


def _wanted(plans, trial=False):
    """The version that each host to be changed is to be given, by scope."""
    found: dict = {}
    for scope, plan in plans.items():
        version = _secrets.TRIAL if trial and STAGE in plan.steps else plan.target
        for host in plan.move:
            found.setdefault(host, {})[scope] = version
    return found


def describe(plan: Plan, secret: _rotation.Secret) -> list[str]:
    """What a plan does, for people."""
    told = []
    for step in plan.steps:
        if step == SWITCH:
            told.append(f"{SWITCH} on {_names(plan.move)}")
        elif step == PROVE:
            told.append(f"{PROVE} on {_names(plan.prove)}")
        else:
            told.append(step)
    notes = f" ({'; '.join(plan.notes)})" if plan.notes else ""
    lines = [f"{plan.scope}: is {plan.state}{notes}; steps: {', '.join(told)}"]
    gone = secret.current if plan.target == "pending" else secret.pending
    if SWITCH in plan.steps and gone:
        lines.append(
            f"{plan.scope}: tokens signed with {gone} are refused by each host from its cutover on;"
            " streams and viewers that are already let in stay, unless their host has to restart"
        )
    if plan.missing:
        missing = [f"{host} {why}" for host, why in plan.missing.items()]
        lines.append(f"{plan.scope}: without {'; '.join(missing)}")
    return lines


def _names(hosts):
    shown = ", ".join(hosts[:MOST_NAMES])
    more = len(hosts) - MOST_NAMES
    count = f"{len(hosts)} host{'s' if len(hosts) != 1 else ''}"
    return f"{count} ({shown}{f' and {more} more' if more > 0 else ''})"


@dataclass(frozen=True)
class Timing:
    """When the preflight began, the operator's own lead in seconds, and a clock, in Unix time."""

    since: float | None
    lead: float | None
    clock: Callable[[], float]

    def instant(self, began):
        """When hosts switch: once all have been told, which takes as long as the preflight."""
        lead = self.lead
        if lead is None:
            preflight = began - self.since if self.since is not None else 0.0
            lead = max(SHORTEST_LEAD, 1.5 * preflight + 2.0)
        return self.clock() + lead


def begin(store, work: Mapping, hosts, preflight: Mapping, quorum, timing, batches, check) -> dict:
    """Lock and stage, once every host that is to be changed has shown that it can be.

    :arg work: a pass of :func:`make_passes`.
    :arg preflight: by host, what the module ``settings`` predicted.
    :arg timing: :class:`Timing`.
    :arg check: only tell what it would do.
    :raises RotationRefused: and then neither store nor host was touched.
    """
    clock = timing.clock
    began = clock()
    plans = {scope: _plan(data) for scope, data in work["plans"].items()}
    movers = sorted({host for plan in plans.values() for host in plan.move})
    faults, lost = _preflight(movers, preflight)
    for scope, plan in plans.items():
        gone = set(plan.missing) | (set(lost) & set(plan.prove))
        if PROMOTE in plan.steps and plan.hosts - len(gone) < _rotation.need(quorum, plan.hosts):
            why = "; ".join(f"{host}: {lost.get(host, plan.missing.get(host))}" for host in gone)
            faults.append(f"{scope}: not enough hosts (antmedia_rotation_quorum): {why}")
    if faults:
        raise RotationRefused(faults)

    marks = work["marks"] if check else _lock_and_stage(store, plans, work["marks"], clock)
    movers = [host for host in movers if host not in lost]
    restarting = [host for host in movers if preflight[host].get("way") == "restart"]
    instant = timing.instant(began)
    return {
        **work,
        "marks": marks,
        "began_at": began,
        "lost": lost,
        "cutover_at": instant,
        "live": [host for host in movers if host not in restarting],
        "batches": split(restarting, batches),
        "hosts": _orders(plans, hosts, lost),
        "lines": _announce(plans, movers, restarting, instant, clock()),
    }


def _lock_and_stage(store, plans, expect, clock):
    """Take the locks and stage what is to be staged; returns the fingerprints after that."""
    store.lock(plans, LOCK_TTL)
    try:
        staging = [scope for scope, plan in plans.items() if STAGE in plan.steps]
        others = [scope for scope in plans if scope not in staging]
        store.change(others, lambda document, _now: document, expect)
        store.change(
            staging, lambda document, now: _secrets.stage(document, now, _secrets.generate), expect
        )
        return {scope: _marks(_secret(scope, store.load(scope)[0], clock())) for scope in plans}
    except ValueError:
        store.unlock(plans)
        raise


def _preflight(movers, preflight):
    """Faults that stop everything, and hosts that went away meanwhile."""
    faults, lost = [], {}
    for host in movers:
        result = preflight.get(host)
        if result is None or result.get("unreachable"):
            lost[host] = "cannot be reached any more"
        elif result.get("failed"):
            faults.append(str(result.get("msg", "failed")).replace("\n", " "))
        elif result.get("restart_required"):
            faults.append(
                f"{host}: would need a restart for {', '.join(result.get('reasons') or [])}, which"
                " antmedia_apply or antmedia_service_manager does not allow"
            )
    return faults, lost


def split(hosts: list[str], batches) -> list[list[str]]:
    """Hosts in batches: numbers or percentages, the last of which goes on to the end."""
    found, rest, sizes = [], list(hosts), list(batches) or ["100%"]
    while rest:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        count = max(1, min(_rotation.need(size, len(hosts)), len(rest)))
        found.append(rest[:count])
        rest = rest[count:]
    return found


def _old(plan):
    """The version that a host is to refuse once it has the target."""
    if plan.target == "pending":
        return "current"
    aborts = plan.state in (_rotation.STAGED, _rotation.CUTOVER, _rotation.SWITCHED)
    return "pending" if aborts else "previous"


def _orders(plans, hosts, lost):
    """What each host is to be given and to prove."""
    give = _wanted(plans)
    found = {}
    for host in sorted({host for plan in plans.values() for host in (*plan.move, *plan.prove)}):
        if host in lost:
            continue
        proving = {scope: plan for scope, plan in plans.items() if host in plan.prove}
        new = {scope: plan.target for scope, plan in proving.items()}
        old = {scope: _old(plan) for scope, plan in proving.items()}
        found[host] = {
            "give": _rotation_evidence.pick(hosts[host], give.get(host, {})),
            "new": _rotation_evidence.pick(hosts[host], new),
            "old": _rotation_evidence.pick(hosts[host], old),
            "policy": _rotation_evidence.policy(hosts[host], new),
        }
    return found


def _announce(plans, movers, restarting, instant, now):
    if not movers:
        return []
    scopes = [scope for scope, plan in plans.items() if plan.move]
    live = len(movers) - len(restarting)
    told = []
    if live:
        told.append(
            f"{live} host{'s' if live != 1 else ''} switch at {_secrets.stamp(instant)}, in"
            f" {math.ceil(instant - now)} s, without a restart"
        )
    if restarting:
        told.append(f"{_names(restarting)} restart one batch after the other")
    return [f"{', '.join(scopes)}: {'; '.join(told)}"]


def finish(store, work: Mapping, hosts, changes, proofs, options, tolerant, clock) -> dict:
    """Promote, discard or retire what was proved, give the locks back, and say what was done.

    :arg work: what :func:`begin` returned.
    :arg changes: by host, what the module ``settings`` returned.
    :arg proofs: by host, what the module ``probe`` returned.
    """
    plans = {scope: _plan(data) for scope, data in work["plans"].items()}
    records = []
    for scope, plan in plans.items():
        marks = work["marks"][scope]
        answers, lost = {}, dict(work["lost"])
        for host in plan.prove:
            if host in lost:
                continue
            change = changes.get(host) if host in plan.move else None
            if _gone(change if host in plan.move else {}) or _gone(proofs.get(host)):
                lost[host] = "went away"
                continue
            answers[host] = _rotation_evidence.holds(
                hosts[host], scope, marks[plan.target], change
            ) or _rotation_evidence.proved(
                hosts[host], scope, proofs.get(host), bool(_replaced(plan, marks)), tolerant
            )
        verdict = _rotation.judge(plan, answers, lost, options.quorum)
        outcome = _conclude(store, plan, marks, options) if verdict.complete else "not finished"
        if plan.steps == (SWITCH, PROVE) and plan.target == "current" and not verdict.unproved:
            outcome = "brought up"  # whatever hosts are missing, these are
        records.append(_record(work, plan, marks, verdict, outcome, changes, clock()))
    store.unlock(plans)
    return {"records": records, **_told(records)}


def _gone(result):
    return result is None or bool(result.get("unreachable"))


def _replaced(plan, marks):
    """The fingerprint of the secret that is to be refused."""
    old = marks[_old(plan)]
    return old if old != marks[plan.target] else ""


def _conclude(store, plan, marks, options):
    """The last step in the store; only against what was proved."""
    expect = {version: marks[version] for version in ("pending", "current")}
    if PROMOTE in plan.steps:
        store.promote(plan.scope, expect)
        if not options.grace:
            store.retire(plan.scope)
        return "promoted"
    if DISCARD in plan.steps:
        store.retire(plan.scope, "pending", expect)
        return "aborted"
    if RETIRE in plan.steps:
        store.retire(plan.scope, "previous", {**expect, "previous": marks["previous"]})
        return "retired"
    return "not finished"


def _record(work, plan, marks, verdict, outcome, changes, now):
    switched = sorted(
        changes[host]["switched_at"]
        for host in plan.move
        if host in work["live"] and (changes.get(host) or {}).get("switched_at")
    )
    return {
        "scope": plan.scope,
        "outcome": outcome,
        "who": _run.identity()["who"],
        "began": _secrets.stamp(work["began_at"]),
        "ended": _secrets.stamp(now),
        "seconds": round(now - work["began_at"], 1),
        "from": _replaced(plan, marks),
        "to": marks[plan.target],
        "steps": list(plan.steps),
        "hosts": plan.hosts,
        "switched": [host for host in plan.move if host not in verdict.lost],
        "proved": [
            host for host in plan.prove if host not in verdict.unproved and host not in verdict.lost
        ],
        "unproved": verdict.unproved,
        "missing": verdict.lost,
        "cutover_at": _secrets.stamp(work["cutover_at"]) if switched else None,
        "skew_seconds": round(switched[-1] - switched[0], 3) if switched else None,
    }


def _told(records):
    """One line on everything, and whether something is left to do."""
    by_outcome: dict = {}
    lines = []
    for record in records:
        by_outcome.setdefault(record["outcome"], []).append(record["scope"])
        if record["outcome"] == "not finished":
            by_reason: dict = {}
            for host, reason in {**record["missing"], **record["unproved"]}.items():
                by_reason.setdefault(reason, []).append(host)
            why = [f"{_names(hosts)}: {reason}" for reason, hosts in by_reason.items()]
            lines.extend(f"{record['scope']}: not finished: {line}" for line in why)
    failed = "not finished" in by_outcome
    skews = [record["skew_seconds"] for record in records if record["skew_seconds"] is not None]
    told = [f"{outcome} {', '.join(scopes)}" for outcome, scopes in sorted(by_outcome.items())]
    if skews:
        told.append(f"hosts switched within {max(skews):g} s")
    seconds = max((record["seconds"] for record in records), default=0)
    told.append(f"took {words(math.ceil(seconds))}")
    if failed:
        told.append("run it again to go on, or with antmedia_rotation=abort to go back")
    return {"summary": "rotation: " + "; ".join(told), "lines": lines, "unfinished": failed}
