# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The steps of a rotation on the store, between what hosts report and what they are told to do.

PRIVATE to the collection.

Takes and returns plain data, since it travels through Ansible between the steps. Nothing in it is
a secret.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    evidence as _evidence,
    machine as _machine,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.machine import (
    DISCARD,
    PROMOTE,
    PROVE,
    RETIRE,
    STAGE,
    SWITCH,
    Plan,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    owner as _owner,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.lifetime import words

# The management API last: changing its secret restarts servers, and live changes go through it.
PASSES = (("applications", ("stream", "rest", "cluster")), ("management", ("management",)))
# How long a lock holds without being renewed, beside what hosts are waited for.
LOCK_SECONDS = 900.0
SHORTEST_LEAD = 5.0
MOST_NAMES = 5
NOT_FINISHED = "not finished"
# How far a host's clock may be off. What a call takes to get to a host makes its clock seem to be
# ahead, never behind.
MOST_BEHIND, MOST_AHEAD = 2.0, 10.0
# Calling a cutover off takes hosts no longer than preparing it, and this much to be sure.
CALL_OFF_SECONDS = 1.0


class RotationRefused(Faults):
    """Nothing was done, but for earlier passes."""

    def __init__(self, faults: Iterable[str], after: Sequence[str] = ()):
        state = "nothing was changed"
        if after:
            state = f"the secrets of {', '.join(after)} were exchanged, nothing else was changed"
        super().__init__(faults, state)


@dataclass(frozen=True)
class Selection:
    """Which scopes to work on: of all applications and the whole fleet for an empty ``apps``."""

    realms: tuple[str, ...]
    apps: tuple[str, ...] = ()

    def holds(self, scope: _document.Scope) -> bool:
        return scope.realm in self.realms and (not self.apps or scope.app in self.apps)


def make_passes(documents, hosts, options, selection, now) -> tuple[list[dict], list[str]]:
    """Plan every scope.

    :arg documents: of the store, by scope.
    :arg hosts: :class:`_evidence.Host` by name.
    :returns: the passes that have something to do, and the refusals.
    """
    passes, refusals = [], []
    chosen = [s for s in sorted(documents) if selection.holds(_document.Scope.parse(s))]
    for name, realms in PASSES:
        plans, secrets = {}, {}
        for scope in chosen:
            if _document.Scope.parse(scope).realm not in realms:
                continue
            secrets[scope] = _secret(scope, documents[scope], now)
            seen = _evidence.seen(hosts, scope)
            if options.mode != "abort" and _evidence.unused(hosts, scope):
                continue
            plans[scope] = _machine.make_plan(secrets[scope], seen, options, now)
            refusals.extend(plans[scope].refusal)
        working = {scope: plan for scope, plan in plans.items() if plan.steps}
        if working:
            passes.append(
                {
                    "name": name,
                    "after": [work["name"] for work in passes],
                    "scopes": sorted(documents),
                    "plans": {scope: asdict(plan) for scope, plan in working.items()},
                    "marks": {scope: _marks(secrets[scope]) for scope in working},
                    "hosts": {
                        host: {"try": _evidence.pick(hosts[host], wanted)}
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


def together(passes) -> dict[str, list]:
    """What each host would have to take if it took everything at once; nothing for one pass."""
    found: dict = {}
    for work in passes if len(passes) > 1 else ():
        for host, orders in work["hosts"].items():
            found.setdefault(host, []).extend(orders["try"])
    return found


def refuse_unable(movers, preflight: Mapping) -> None:
    """:raises RotationRefused: for hosts that are there and could not take what they tried."""
    faults, _lost = _preflight(movers, preflight)
    if faults:
        raise RotationRefused(faults)


def absent(hosts, quorum) -> dict[str, str]:
    """Hosts that cannot take part, with the reason, where the quorum does not excuse them."""
    found = {name: host.trouble for name, host in sorted(hosts.items()) if host.trouble}
    return {} if _machine.enough(quorum, len(hosts), found) else found


def _secret(scope, document, now):
    have = _document.fingerprints(document)
    run = _owner.identity()["run"]
    locked = ""
    try:
        _document.refuse_locked(document, run, now, _owner.alive)
    except _document.Locked as error:
        locked = str(error)
    return _machine.Secret(
        scope,
        have.get("pending", ""),
        have.get("current", ""),
        have.get("previous", ""),
        _document.unix(document.get("current", {}).get("created", "")),
        _document.unix(document.get("previous", {}).get("superseded", "")),
        tuple(_document.retired(document)),
        locked,
    )


def _marks(secret):
    return {version: getattr(secret, version) for version in _document.VERSIONS}


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
        version = _document.TRIAL if trial and STAGE in plan.steps else plan.target
        for host in plan.move:
            found.setdefault(host, {})[scope] = version
    return found


def describe(plan: Plan, secret: _machine.Secret) -> list[str]:
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


def allowed(documents: Mapping, passes) -> dict[str, set]:
    """Which fingerprints a variable may give for a scope without being in the way, by scope."""
    found = {
        scope: set(_document.fingerprints(document).values())
        for scope, document in documents.items()
    }
    for work in passes:
        for scope, plan in work["plans"].items():
            if plan["target"] == "pending" or SWITCH in plan["steps"]:
                found[scope] = {work["marks"][scope][plan["target"]]} - {""}
    return found


@dataclass(frozen=True)
class Timing:
    """When the preflight began and a clock, in Unix time; the operator's own lead and how long a
    batch may drain, in seconds."""

    since: float | None
    lead: float | None
    clock: Callable[[], float]
    drain: float = 0.0

    def ahead(self, began):
        """Seconds until hosts switch: once all have been told, which takes as long as the
        preflight, and could be told the contrary."""
        if self.lead is not None:
            return self.lead
        preflight = began - self.since if self.since is not None else 0.0
        return max(SHORTEST_LEAD, 2.5 * preflight + 2.0)

    def hold(self, lead):
        """Seconds for which to lock."""
        return LOCK_SECONDS + 3 * lead + self.drain


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
        gone = plan.gone(lost)
        if PROMOTE in plan.steps and not _machine.enough(quorum, plan.hosts, gone):
            why = "; ".join(f"{host}: {reason}" for host, reason in gone.items())
            faults.append(f"{scope}: not enough hosts (antmedia_rotation_quorum): {why}")
    if faults:
        raise RotationRefused(faults, work["after"])

    movers = [host for host in movers if host not in lost]
    restarting = [host for host in movers if preflight[host].get("way") == "restart"]
    in_batches = split(restarting, batches)
    lead = timing.ahead(began)
    hold = timing.hold(lead)
    marks = work["marks"] if check else _lock_and_stage(store, plans, work["marks"], hold, clock)
    told = clock()
    instant = told + lead
    return {
        **work,
        "marks": marks,
        "began_at": began,
        "lost": lost,
        "told_at": told,
        "cutover_at": instant,
        "hold": hold,
        "live": [host for host in movers if host not in restarting],
        "batches": in_batches,
        "hosts": _orders(plans, hosts, lost),
        "lines": _announce(plans, movers, restarting, None if check else lead),
    }


def _lock_and_stage(store, plans, expect, hold, clock):
    """Take the locks and stage what is to be staged; returns the fingerprints after that."""
    store.lock(plans, hold)
    try:
        staging = [scope for scope, plan in plans.items() if STAGE in plan.steps]
        others = [scope for scope in plans if scope not in staging]
        store.change(others, lambda document, _now: document, expect)
        store.change(
            staging,
            lambda document, now: _document.stage(document, now, _document.generate),
            expect,
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
            reasons = result.get("reasons")
            names = ", ".join(map(str, reasons if isinstance(reasons, list) else ()))
            faults.append(
                f"{host}: would need a restart for {names}, which"
                " antmedia_apply or antmedia_service_manager does not allow"
            )
        else:
            faults.extend(_clock(host, result.get("clock_ahead")))
    return faults, lost


def _clock(host, ahead):
    """What is wrong with the clock of a host that is to switch at an agreed instant."""
    if ahead is not None and not isinstance(ahead, (int, float)):
        yield f"{host}: did not say what time it is there"
    elif ahead is not None and not -MOST_BEHIND <= ahead <= MOST_AHEAD:
        way = "ahead of" if ahead > 0 else "behind"
        yield (
            f"{host}: its clock is {abs(ahead):.0f} s {way} the controller's, so it would switch at"
            " another instant than the others, and misjudge when tokens expire: set it right (NTP)"
        )


def split(hosts: list[str], batches) -> list[list[str]]:
    """Hosts in batches: numbers or percentages, the last of which goes on to the end."""
    found, rest, sizes = [], list(hosts), list(batches) or ["100%"]
    for size in sizes:  # the last ones too, before anything is done
        _machine.need(size, 1, "antmedia_batches")
    while rest:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        count = min(_machine.need(size, len(hosts), "antmedia_batches"), len(rest))
        found.append(rest[:count])
        rest = rest[count:]
    return found


def _old(plan):
    """The version that a host is to refuse once it has the target."""
    if plan.target == "pending":
        return "current"
    aborts = plan.state in (_machine.STAGED, _machine.CUTOVER, _machine.SWITCHED)
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
            "give": _evidence.pick(hosts[host], give.get(host, {})),
            "new": _evidence.pick(hosts[host], new),
            "old": _evidence.pick(hosts[host], old),
            "policy": _evidence.policy(hosts[host], new),
        }
    return found


def _announce(plans, movers, restarting, lead):
    """Who changes how; when, if it is to happen in so many seconds and not only told."""
    if not movers:
        return []
    scopes = [scope for scope, plan in plans.items() if plan.move]
    live = len(movers) - len(restarting)
    verb = "would" if lead is None else "will"
    told = []
    if live:
        when = "" if lead is None else f" in {math.ceil(lead)} s"
        hosts = f"{live} host{'s' if live != 1 else ''}"
        told.append(f"{hosts} {verb} switch at one instant{when}, without a restart")
    if restarting:
        told.append(f"{_names(restarting)} {verb} restart, one batch after the other")
    return [f"{', '.join(scopes)}: {'; '.join(told)}"]


def decide(work: Mapping, prepared: Mapping, quorum, now: float) -> dict:
    """Whether hosts that wait for the instant are told to give up: all of them, or none.

    :arg work: what :func:`begin` returned.
    :arg prepared: by host, what the module ``settings`` returned when it was told the instant.
    """
    told = {host: prepared.get(host) or {"unreachable": True} for host in work["live"]}
    waiting = [host for host, result in told.items() if result.get("cutover_pid")]
    gone = {host: "cannot be reached" for host, found in told.items() if found.get("unreachable")}
    why = [host for host, result in told.items() if result.get("failed")]
    for plan in map(_plan, work["plans"].values()):
        lost = plan.gone({**work["lost"], **gone})
        if PROMOTE in plan.steps and not _machine.enough(quorum, plan.hosts, lost):
            why += sorted(gone)
    names = ", ".join(dict.fromkeys(why))
    if not names or not waiting:
        return {"call_off": [], "lines": []}
    if work["cutover_at"] - now < now - work["told_at"] + CALL_OFF_SECONDS:
        line = f"{names} cannot take part, and it is too late to call off the cutover of the others"
        return {"call_off": [], "lines": [line]}
    return {"call_off": waiting, "lines": [f"the cutover is called off: {names} cannot take part"]}


def stopped_by(changes: Mapping) -> list[str]:
    """Hosts on whose account no other is to be restarted.

    :arg changes: by host, what the module ``settings`` returned so far.
    """
    return sorted(host for host, result in changes.items() if result.get("failed"))


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
            answers[host] = _evidence.holds(
                hosts[host], scope, marks[plan.target], change
            ) or _evidence.proved(
                hosts[host], scope, proofs.get(host), bool(_replaced(plan, marks)), tolerant
            )
        verdict = _machine.judge(plan, answers, lost, options.quorum)
        outcome, failure = NOT_FINISHED, ""
        if verdict.complete:
            try:
                outcome = _conclude(store, plan, marks)
            except ValueError as error:
                failure = str(error)  # what was done for other scopes is still to be told
        if outcome == "promoted" and not options.grace and not verdict.lost:
            with contextlib.suppress(ValueError):  # the next run retires it
                store.retire(scope)
        catches_up = plan.steps == (SWITCH, PROVE) and not marks["pending"]
        if catches_up and not verdict.unproved:
            outcome = "brought up"  # whatever hosts are missing, these are
        record = _record(work, plan, marks, verdict, outcome, changes, clock())
        records.append({**record, **({"failure": failure} if failure else {})})
    with contextlib.suppress(ValueError):  # the step release tries it again
        store.unlock(plans)
    return {"records": records, **_told(records)}


def _gone(result):
    return result is None or bool(result.get("unreachable"))


def _replaced(plan, marks):
    """The fingerprint of the secret that is to be refused."""
    old = marks[_old(plan)]
    return old if old != marks[plan.target] else ""


def _conclude(store, plan, marks):
    """The last step in the store; only against what was proved."""
    expect = {version: marks[version] for version in ("pending", "current")}
    if PROMOTE in plan.steps:
        store.promote(plan.scope, expect)
        return "promoted"
    if DISCARD in plan.steps:
        store.retire(plan.scope, "pending", expect)
        return "aborted"
    if RETIRE in plan.steps:
        store.retire(plan.scope, "previous", {**expect, "previous": marks["previous"]})
        return "retired"
    return NOT_FINISHED


def _record(work, plan, marks, verdict, outcome, changes, now):
    switched = sorted(
        changes[host]["switched_at"]
        for host in plan.move
        if host in work["live"]
        and isinstance((changes.get(host) or {}).get("switched_at"), (int, float))
    )
    return {
        "scope": plan.scope,
        "outcome": outcome,
        "who": _owner.identity()["who"],
        "began": _document.stamp(work["began_at"]),
        "ended": _document.stamp(now),
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
        "cutover_at": _document.stamp(work["cutover_at"]) if switched else None,
        "skew_seconds": round(switched[-1] - switched[0], 3) if switched else None,
    }


def _told(records):
    """One line on everything, and whether something is left to do."""
    by_outcome: dict = {}
    lines = []
    for record in records:
        by_outcome.setdefault(record["outcome"], []).append(record["scope"])
        if record["outcome"] == NOT_FINISHED:
            if record.get("failure"):
                lines.append(f"{record['scope']}: not finished: {record['failure']}")
            by_reason: dict = {}
            for host, reason in {**record["missing"], **record["unproved"]}.items():
                by_reason.setdefault(reason, []).append(host)
            why = [f"{_names(hosts)}: {reason}" for reason, hosts in by_reason.items()]
            lines.extend(f"{record['scope']}: not finished: {line}" for line in why)
    failed = NOT_FINISHED in by_outcome
    skews = [record["skew_seconds"] for record in records if record["skew_seconds"] is not None]
    told = [f"{outcome} {', '.join(scopes)}" for outcome, scopes in sorted(by_outcome.items())]
    if skews:
        told.append(f"hosts switched within {max(skews):g} s")
    seconds = max((record["seconds"] for record in records), default=0)
    told.append(f"took {words(math.ceil(seconds))}")
    if failed:
        told.append("run it again to go on, or with antmedia_rotation=abort to go back")
    return {"summary": "rotation: " + "; ".join(told), "lines": lines, "unfinished": failed}
