# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The end of a pass: what was proved is promoted, discarded or retired, and written down.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    machine as _machine,
    plan as _plan,
    proofs as _proofs,
    told as _told,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import Options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.evidence import Host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import (
    DISCARD,
    PROMOTE,
    PROVE,
    RETIRE,
    SWITCH,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.told import (
    NOT_FINISHED,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    owner as _owner,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Store,
)


def finish(
    store: Store,
    work: Mapping,
    hosts: Mapping[str, Host],
    changes: Mapping,
    proofs: Mapping,
    options: Options,
    tolerant: bool,
    clock: Callable[[], float],
) -> dict:
    """Promote, discard or retire what was proved, give the locks back, and say what was done.

    :arg work: what :func:`_exchange.begin` returned.
    :arg changes: by host, what the module ``settings`` returned.
    :arg proofs: by host, what the module ``probe`` returned.
    """
    plans, records = _plan.plans(work), []
    for scope, plan in plans.items():
        marks = work["marks"][scope]
        verdict = _judge(work, plan, hosts, changes, proofs, options.quorum, tolerant)
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
        record = _record(work, plan, verdict, outcome, changes, clock())
        records.append({**record, **({"failure": failure} if failure else {})})
    with contextlib.suppress(ValueError):  # the step release tries it again
        store.unlock(plans)
    return {"records": records, **_told.summary(records)}


def _judge(work, plan, hosts, changes, proofs, quorum, tolerant):
    """What the hosts of a plan have proved."""
    answers, lost = {}, dict(work["lost"])
    mark = work["marks"][plan.scope][plan.target]
    had_another = bool(_replaced(work, plan))
    for host in plan.prove:
        if host in lost:
            continue
        change = changes.get(host) if host in plan.move else None
        if _gone(change if host in plan.move else {}) or _gone(proofs.get(host)):
            lost[host] = "went away"
            continue
        answers[host] = _proofs.holds(hosts[host], plan.scope, mark, change) or _proofs.proved(
            hosts[host], plan.scope, proofs.get(host), had_another, tolerant
        )
    return _machine.judge(plan, answers, lost, quorum)


def _gone(result):
    return result is None or bool(result.get("unreachable"))


def _replaced(work, plan):
    """The fingerprint of the secret that is to be refused."""
    marks = work["marks"][plan.scope]
    return marks[plan.old] if marks[plan.old] != marks[plan.target] else ""


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


def _record(work, plan, verdict, outcome, changes, now):
    """What is written down of a scope."""
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
        "from": _replaced(work, plan),
        "to": work["marks"][plan.scope][plan.target],
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
