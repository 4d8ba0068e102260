# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rotation as a state machine whose state is reality.

PRIVATE to the collection.

Nothing is remembered between runs. What the store holds and what the hosts hold, both by
fingerprint, say how far a rotation got and what comes next::

    idle -> staged -> cutover -> switched -> (proved) -> promoted -> retired

Pure: no store, no host, no clock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import Options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import (
    ABSENT,
    BEHIND,
    CUTOVER,
    DISCARD,
    IDLE,
    PROMOTE,
    PROVE,
    RETIRE,
    STAGE,
    STAGED,
    SWITCH,
    SWITCHED,
    Plan,
    Secret,
    Seen,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.quorum import (
    enough,
    need,
)


def make_plan(secret: Secret, seen: Mapping[str, Seen], options: Options, now: float) -> Plan:
    """What comes next for one scope.

    :arg seen: by host name, for every host that shares the scope, those out of reach included.
    :arg now: Unix time.
    """
    view = _View(secret, seen, options)
    due, why = _due(secret, options, now)
    refusal = tuple(_refusals(view, due))
    if refusal or view.state == ABSENT:
        return view.plan(refusal=refusal)
    if not seen:
        steps = [DISCARD] if secret.pending and options.mode == "abort" else []
        return view.plan(steps, notes=("no host verifies with it",))
    if secret.pending and options.mode == "abort":
        return _abort(view)
    if secret.pending or due:
        return _rotate(view, why)
    return _settle(view, now)


class _View:
    """The inputs of a plan, and what follows from them at once."""

    def __init__(self, secret: Secret, seen: Mapping[str, Seen], options: Options) -> None:
        self.secret, self.seen, self.options = secret, seen, options
        self.missing = {host: look.trouble for host, look in sorted(seen.items()) if look.trouble}
        self.present = tuple(host for host, look in sorted(seen.items()) if not look.trouble)
        self.enough = enough(options.quorum, len(seen), self.missing)
        self.state = _state(secret, seen)

    def lacking(self, mark):
        """Hosts that have not the secret of a fingerprint."""
        return tuple(host for host in self.present if not _has(self.seen[host], mark))

    def stuck_on(self, mark):
        """Hosts that cannot take part and are known to hold the secret of a fingerprint."""
        return [host for host in self.missing if mark and mark in self.seen[host].marks]

    def plan(self, steps=(), **more):
        return Plan(
            self.secret.scope,
            self.state,
            tuple(steps),
            missing=self.missing,
            hosts=len(self.seen),
            **more,
        )


def _rotate(view, why):
    """Towards the pending secret, from wherever it got to.

    Every host is given it, those too that seem to have it: an abort that was killed may have left
    a host about to go back, and would undo what was promoted meanwhile; see :func:`_abort`.
    """
    secret = view.secret
    move = view.present
    steps = [*(() if secret.pending else (STAGE,)), *((SWITCH,) if move else ()), PROVE]
    notes = [why] if why else []
    if secret.pending and view.state != STAGED:
        notes.append("goes on with a rotation that was interrupted")
    if view.enough:
        steps.append(PROMOTE)
        if secret.previous:
            notes.append(f"the previous secret {secret.previous} is destroyed at promotion")
    else:
        # Hosts that disagree are worse than a rotation that is not promoted yet.
        notes.append("cannot be promoted before enough hosts are back")
    return view.plan(steps, target="pending", move=move, prove=view.present, notes=tuple(notes))


def _abort(view):
    """Back to the current secret. The pending one goes only when nobody can have it.

    Every host is given the current secret, those too that seem to have it: a run that was killed
    may have left a host about to switch, and a second change waits for that.
    """
    steps, notes = [SWITCH, PROVE], ["goes back to the current secret"]
    if view.enough and not view.stuck_on(view.secret.pending):
        steps.append(DISCARD)
    else:
        notes.append("the pending secret is kept, since a host out of reach may have it")
    return view.plan(steps, move=view.present, prove=view.present, notes=tuple(notes))


def _settle(view, now):
    """No rotation is under way and none is due: bring up whoever missed one, and tidy up."""
    secret = view.secret
    move = view.lacking(secret.current)
    steps, notes = [], []
    if move:
        steps += [SWITCH, PROVE]
        notes.append("brings up hosts that have not the current secret")
    if secret.previous and view.options.mode == "abort":
        notes.append("no rotation is under way, so there is nothing to go back from")
    elif secret.previous:
        left = secret.superseded + view.options.grace - now
        if left > 0:
            notes.append(f"the previous secret is kept for another {math.ceil(left)} s")
        elif not view.enough or view.stuck_on(secret.previous):
            notes.append("the previous secret is kept, since a host out of reach may have it")
        else:
            steps.append(RETIRE)
    return view.plan(steps, move=move, prove=move, notes=tuple(notes))


@dataclass(frozen=True)
class Verdict:
    """Whether the proof of a plan is complete.

    ``unproved`` are hosts that take part and did not prove it, ``lost`` those that do not or no
    longer take part; both with the reason.
    """

    complete: bool
    unproved: dict
    lost: dict


def judge(plan: Plan, proofs: dict, lost: dict, quorum: str | int) -> Verdict:
    """Whether a version may be promoted, discarded or retired after what the hosts proved.

    A host that takes part and proves nothing always counts against it. The quorum excuses only
    hosts that cannot be reached.

    :arg proofs: by host, an empty text for a proof, else what is wanting.
    :arg lost: hosts that were there when the plan was made and no longer are, with the reason.
    """
    gone = plan.gone(lost)
    unproved = {
        host: proofs.get(host, "was not asked")
        for host in plan.prove
        if host not in gone and proofs.get(host, "was not asked")
    }
    complete = enough(quorum, plan.hosts, gone) and not unproved
    return Verdict(complete, unproved, gone)


def _state(secret, seen):
    looks = [look for look in seen.values() if not look.trouble]
    if not secret.current and not secret.pending:
        return ABSENT
    if not secret.pending:
        return IDLE if all(_has(look, secret.current) for look in looks) else BEHIND
    if looks and all(_has(look, secret.pending) for look in looks):
        return SWITCHED
    if any(secret.pending in look.marks for look in looks):
        return CUTOVER
    return STAGED


def _has(look, mark):
    """Whether a host has a secret everywhere it should, on disk and as far as known in memory."""
    return bool(mark) and set(look.marks) <= {mark} and look.running is not False


def _due(secret, options, now):
    if options.mode == "now":
        return True, "asked for"
    age = now - secret.created
    if options.mode == "auto" and options.max_age is not None and age >= options.max_age:
        return True, f"is {int(age // 86400)} days old"
    return False, ""


def _refusals(view, due):
    secret, seen = view.secret, view.seen
    scope = secret.scope
    if secret.locked:
        yield f"{scope}: {secret.locked}"
    held: dict[str, list] = {}
    for host, look in sorted(seen.items()):
        for mark in look.marks:
            if mark and not secret.knows(mark):
                held.setdefault(mark, []).append(host)
    for mark, hosts in sorted(held.items()):
        yield (
            f"{scope}: {', '.join(hosts)} {'has' if len(hosts) == 1 else 'have'} {mark}, which is"
            " not in the store; adopt it (streamward.antmedia.secret, state adopted), or overwrite"
            " it (playbook secure)"
        )
    if view.options.mode == "abort":
        if secret.pending and not secret.current:
            yield f"{scope}: there is no current secret to go back to"
        return
    rotates = bool(secret.pending) or due
    if rotates and not view.enough and view.state not in (CUTOVER, SWITCHED):
        why = "; ".join(f"{host}: {reason}" for host, reason in view.missing.items())
        yield (
            f"{scope}: {len(view.present)} of {len(seen)} hosts can take part,"
            f" {need(view.options.quorum, len(seen))} are needed (antmedia_rotation_quorum): {why}"
        )
    stuck = view.stuck_on(secret.previous)
    if rotates and stuck:
        yield (
            f"{scope}: {', '.join(stuck)} cannot take part and still holds the previous secret"
            f" {secret.previous}, which a promotion would destroy"
        )
