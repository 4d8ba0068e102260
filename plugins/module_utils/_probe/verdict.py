# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From what a server answered to whether it enforces a control.

There are three outcomes, and only one is good. ``enforced`` needs both sides in the same run: what
must be refused was refused, and what must be let in was let in. ``cannot tell`` is never good.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    UNCLEAR,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    DIRECT,
    FORWARDED,
)

ENFORCED = "enforced"
NOT_ENFORCED = "not enforced"
CANNOT_TELL = "cannot tell"
# The worst first: a host is as good as its worst control.
OUTCOMES = (NOT_ENFORCED, CANNOT_TELL, ENFORCED)

BELIEVED = "believed"
IGNORED = "ignored"
UNKNOWN = "unknown"

MOST_CASES = 4


@dataclass(frozen=True)
class Result:
    """What came of a probe: ``let in``, ``refused``, ``unclear``; the server's words; the time."""

    probe: Probe
    came: str
    answer: str
    milliseconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether what came is what was expected."""
        return self.came == self.probe.expected


def worst(outcomes: Iterable[str]) -> str:
    """The outcome of a whole from those of its parts; ``cannot tell`` of nothing at all."""
    found = set(outcomes)
    return next((outcome for outcome in OUTCOMES if outcome in found), CANNOT_TELL)


def forwarded_for(results: Iterable[list[Result]]) -> str:
    """Whether the server believes X-Forwarded-For of a peer on this host.

    :arg results: lists of :class:`Result`, one for each control about addresses.
    :returns: ``believed``, ``ignored`` or ``unknown``.
    """
    seen = set()
    for group in results:
        direct = {r.probe.source.address: r.came for r in group if r.probe.source.way == DIRECT}
        peer = direct.get("127.0.0.1", UNCLEAR)
        far = [r for r in group if r.probe.source.way == FORWARDED and r.came != UNCLEAR]
        if peer == UNCLEAR:
            continue
        if any(result.came != peer for result in far):
            seen.add(BELIEVED)
        elif {result.probe.expected for result in far} == {LET_IN, REFUSED} and {
            LET_IN,
            REFUSED,
        } <= set(direct.values()):
            seen.add(IGNORED)
    return next((state for state in (BELIEVED, IGNORED) if state in seen), UNKNOWN)


def judge(
    control: Control, results: list[Result], alive: bool, believed: str = BELIEVED
) -> tuple[str, str]:
    """The outcome of a control.

    :arg results: one for each of its probes.
    :arg alive: whether the server or the application showed, by letting something in, that it runs.
    :kwarg believed: see :func:`forwarded_for`.
    :returns: a pair of the outcome and the reason, the latter empty for ``enforced``.
    """
    outcome, reason = _judged(control, results, alive, believed)
    if outcome == CANNOT_TELL and control.settle and control.settle not in reason:
        reason = f"{reason}; {control.settle}"
    return outcome, reason


def _judged(control, results, alive, believed):
    if control.silent:
        return CANNOT_TELL, control.silent
    if believed == IGNORED:
        results = [result for result in results if result.probe.source.way != FORWARDED]
    wrong_in = [r for r in results if r.probe.expected == REFUSED and r.came == LET_IN]
    wrong_out = [r for r in results if r.probe.expected == LET_IN and r.came == REFUSED]
    unclear = [r for r in results if r.came == UNCLEAR]
    let_in = [r for r in results if r.probe.expected == LET_IN and r.came == LET_IN]
    if wrong_in and (alive or not all(r.probe.surface.without_app for r in wrong_in)):
        return NOT_ENFORCED, "lets in: " + _cases(wrong_in)
    if wrong_in:
        return CANNOT_TELL, "the application does not show that it runs: look into the server's log"
    if wrong_out:
        return _refuses(control, wrong_out, let_in, alive, believed)
    if unclear:
        ask_again = "" if control.settle else "; ask again, and look into the server's log"
        return CANNOT_TELL, f"{_cases(unclear)}: {unclear[0].answer}{ask_again}"
    if not results:
        return (
            CANNOT_TELL,
            "there was nothing to ask that this host can show: ask from a vantage",
        )
    if not let_in and not (alive and control.one_sided):
        return CANNOT_TELL, control.excuse or "nothing that was let in shows that it runs"
    return ENFORCED, ""


def _refuses(control, wrong_out, let_in, alive, believed):
    reason = f"refuses: {_cases(wrong_out)}: {wrong_out[0].answer}"
    if control.excuse:
        return CANNOT_TELL, control.excuse
    if not alive and not let_in:
        return CANNOT_TELL, reason + "; it may be starting, or broken: look into the server's log"
    if believed == UNKNOWN and all(r.probe.source.way == FORWARDED for r in wrong_out):
        return (
            CANNOT_TELL,
            reason + "; it may not believe X-Forwarded-For of this host: ask from a vantage",
        )
    return NOT_ENFORCED, reason


def _cases(results):
    names = list(dict.fromkeys(result.probe.case for result in results))
    more = len(names) - MOST_CASES
    return ", ".join(names[:MOST_CASES]) + (f" and {more} more" if more > 0 else "")
