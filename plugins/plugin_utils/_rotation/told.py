# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What people are told of a rotation: what it will do, and what came of it.

PRIVATE to the collection.

Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import (
    PROVE,
    SWITCH,
    Plan,
    Secret,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.lifetime import words

MOST_NAMES = 5
NOT_FINISHED = "not finished"


def describe(plan: Plan, secret: Secret) -> list[str]:
    """What a plan does."""
    told = []
    for step in plan.steps:
        if step == SWITCH:
            told.append(f"{SWITCH} on {names(plan.move)}")
        elif step == PROVE:
            told.append(f"{PROVE} on {names(plan.prove)}")
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


def names(hosts: Sequence[str]) -> str:
    """Hosts with their number, the first few by name."""
    shown = ", ".join(hosts[:MOST_NAMES])
    more = len(hosts) - MOST_NAMES
    count = f"{len(hosts)} host{'s' if len(hosts) != 1 else ''}"
    return f"{count} ({shown}{f' and {more} more' if more > 0 else ''})"


def announce(
    plans: Mapping[str, Plan],
    movers: Sequence[str],
    restarting: Sequence[str],
    lead: float | None,
) -> list[str]:
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
        told.append(f"{names(restarting)} {verb} restart, one batch after the other")
    return [f"{', '.join(scopes)}: {'; '.join(told)}"]


def summary(records: Sequence[Mapping]) -> dict:
    """One line on everything, lines on what is left, and whether something is left to do.

    :arg records: of :func:`_conclusion.finish`.
    """
    by_outcome: dict[str, list] = {}
    for record in records:
        by_outcome.setdefault(record["outcome"], []).append(record["scope"])
    failed = NOT_FINISHED in by_outcome
    skews = [record["skew_seconds"] for record in records if record["skew_seconds"] is not None]
    told = [f"{outcome} {', '.join(scopes)}" for outcome, scopes in sorted(by_outcome.items())]
    if skews:
        told.append(f"hosts switched within {max(skews):g} s")
    seconds = max((record["seconds"] for record in records), default=0)
    told.append(f"took {words(math.ceil(seconds))}")
    if failed:
        told.append("run it again to go on, or with antmedia_rotation=abort to go back")
    lines = [line for record in records for line in _unfinished(record)]
    return {"summary": "rotation: " + "; ".join(told), "lines": lines, "unfinished": failed}


def _unfinished(record: Mapping) -> Iterator[str]:
    """Why a scope is not finished, a line a reason."""
    if record["outcome"] != NOT_FINISHED:
        return
    if record.get("failure"):
        yield f"{record['scope']}: not finished: {record['failure']}"
    by_reason: dict[str, list] = {}
    for host, reason in {**record["missing"], **record["unproved"]}.items():
        by_reason.setdefault(reason, []).append(host)
    for reason, hosts in by_reason.items():
        yield f"{record['scope']}: not finished: {names(hosts)}: {reason}"
