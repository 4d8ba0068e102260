# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit out of the evidence of hosts: every control is judged on every host.

Pure: no clock, no file, no host.

PRIVATE to the collection.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    audit as _audit,
    control as _control,
    score as _score,
    trend as _trend,
    waivers as _waivers,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    AnyControl,
    CannotTell,
    Control,
    Evidence,
    Finding,
    FleetControl,
    shown,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import Waiver

LONGEST_LINE = 600
MOST_NOTES = 20
_ELSEWHERE = "there is no other host that it could be compared with"


def run(
    hosts: Sequence[Evidence],
    controls: Sequence[AnyControl],
    made_at: int,
    title: str = "audit",
    waivers: Mapping[str, Sequence[Waiver]] | None = None,
    earlier: _trend.Earlier | None = None,
) -> _audit.Audit:
    """Judge hosts.

    :arg made_at: the time, in Unix seconds.
    :kwarg waivers: by host.
    :kwarg earlier: what an earlier run found.
    """
    today = datetime.datetime.fromtimestamp(made_at, datetime.timezone.utc).date()
    book = _Book(waivers or {}, today, earlier, made_at)
    hosts = sorted(hosts, key=lambda host: host.host)
    of_fleet = {c.id: _of_fleet(c, hosts) for c in controls if isinstance(c, FleetControl)}
    results = []
    for evidence in hosts:
        findings = tuple(
            book.judged(control, evidence, finding(control, evidence, of_fleet))
            for control in controls
        )
        results.append(_result(evidence, findings))
    score = _score.of_hosts(results)
    return _audit.Audit(
        title=title,
        made_at=made_at,
        hosts=tuple(results),
        controls=tuple(controls),
        score=score,
        groups=_score.of_groups(results),
        trend=_trend.compare(earlier, results, score) if earlier else None,
        unused=book.unused(),
        expired=book.expired(),
    )


def finding(
    control: AnyControl,
    evidence: Evidence,
    of_fleet: Mapping[str, Mapping[str, Finding]] | None = None,
) -> Finding:
    """What a control finds on a host.

    :kwarg of_fleet: what controls that compare hosts found, by their id.
    """
    state, problem = _state(evidence)
    if state == _audit.ABSENT:
        return _control.not_applicable(problem)
    if problem:
        return _control.cannot_tell(problem)
    if isinstance(control, Control):
        judge = control.judge
        return _safely(lambda: judge(evidence))
    return (of_fleet or {})[control.id].get(evidence.host) or _control.not_applicable(_ELSEWHERE)


def _of_fleet(control: FleetControl, hosts: Sequence[Evidence]) -> Mapping[str, Finding]:
    fleet = {evidence.host: evidence for evidence in hosts if not evidence.problem}
    try:
        return control.judge(fleet)
    except CannotTell as why:
        return dict.fromkeys(fleet, _control.cannot_tell(str(why)))
    except Exception as error:
        return dict.fromkeys(fleet, _of_ours(error))


def _safely(judge: Callable[[], Finding]) -> Finding:
    try:
        return judge()
    except CannotTell as why:
        return _control.cannot_tell(str(why))
    except Exception as error:
        # One rule must not keep all others from being judged.
        return _of_ours(error)


def _of_ours(error):
    return _control.cannot_tell(
        f"this should not happen, please report it: {type(error).__name__}: {error}"
    )


class _Book:
    """Waivers, and which of them were used; and since when what fails does."""

    def __init__(
        self,
        waivers: Mapping[str, Sequence[Waiver]],
        today: datetime.date,
        earlier: _trend.Earlier | None,
        made_at: int,
    ) -> None:
        self._waivers, self._today, self._made_at = waivers, today, made_at
        self._earlier = earlier
        self._used: set[Waiver] = set()
        self._expired: set[Waiver] = set()

    def judged(self, control: AnyControl, evidence: Evidence, finding: Finding) -> _audit.Judged:
        """A finding as it is reported."""
        name = evidence.host
        faults = tuple(self._fault(control, evidence, fault) for fault in finding.faults)
        since = 0
        if finding.outcome == _control.FAIL:
            failed = self._earlier.failed if self._earlier else {}
            since = failed.get((name, control.id), self._made_at)
        return _audit.Judged(
            control,
            finding.outcome,
            # Those that count must not be among those that are left out.
            tuple(sorted(faults, key=lambda fault: bool(fault.waiver))[: _control.MOST_FAULTS]),
            tuple(shown(line, LONGEST_LINE) for line in finding.lines[: _control.MOST_FAULTS]),
            since,
            max(0, len(faults) - _control.MOST_FAULTS),
        )

    def _fault(self, control, evidence, fault):
        waivers = self._waivers.get(evidence.host, ())
        waiver, over = _waivers.choose(
            waivers, control.id, evidence.host, evidence.groups, fault.app, self._today
        )
        self._used |= {each for each in (waiver, over) if each}
        self._expired |= {over} if over and not waiver else set()
        return _audit.JudgedFault(
            shown(fault.text, LONGEST_LINE),
            shown(fault.app, 100),
            fault.policy,
            fault.step,
            waiver,
            None if waiver else over,
        )

    def unused(self) -> tuple[Waiver, ...]:
        """Waivers that waive nothing."""
        every = {waiver for found in self._waivers.values() for waiver in found}
        return tuple(sorted(every - self._used, key=_order))

    def expired(self) -> tuple[Waiver, ...]:
        """Waivers that are over, of faults that are still there."""
        return tuple(sorted(self._expired, key=_order))


def _order(waiver):
    return (waiver.control, waiver.expires, waiver.reason, waiver.hosts, waiver.apps)


def _result(evidence: Evidence, findings: tuple[_audit.Judged, ...]) -> _audit.HostResult:
    state, problem = _state(evidence)
    return _audit.HostResult(
        name=shown(evidence.host),
        groups=tuple(shown(group, 100) for group in evidence.groups),
        state=state,
        version=_told(lambda: evidence.told.text("version")),
        edition=_told(lambda: evidence.edition),
        home=_told(lambda: evidence.told.text("home")),
        apps=_apps(evidence),
        problem=problem,
        notes=_notes(evidence),
        findings=findings,
        score=_score.of_findings(findings) if state not in _UNJUDGED else None,
    )


_UNJUDGED = (_audit.NOT_REACHED, _audit.ABSENT, _audit.NOT_READ)


def _state(evidence: Evidence) -> tuple[str, str]:
    """What could be seen of a host, and why there is nothing to judge."""
    if evidence.problem:
        return _audit.NOT_REACHED, shown(evidence.problem)
    try:
        if not evidence.installed:
            why = "; ".join(evidence.faults) or "there is no installation"
            absent = any("is not a folder" in fault for fault in evidence.faults)
            return (_audit.ABSENT if absent else _audit.NOT_READ), shown(why)
        return (_audit.RUNNING if evidence.running else _audit.STOPPED), ""
    except CannotTell as why:
        seen = evidence.told.known("unseen") if isinstance(evidence.facts, Mapping) else False
        return (_audit.UNSEEN, "") if seen else (_audit.NOT_READ, shown(str(why)))


def _told(read: Callable[[], str]) -> str:
    try:
        return shown(read(), 100)
    except CannotTell:
        return ""


def _apps(evidence: Evidence) -> tuple[str, ...]:
    try:
        return tuple(app.name for app in evidence.apps)
    except CannotTell:
        return ()


def _notes(evidence: Evidence) -> tuple[str, ...]:
    try:
        notes = list(evidence.unread())
        if not evidence.found.part("machine").flag("root"):
            account = shown(evidence.found.part("machine").text("account"), 50)
            notes.insert(0, f"looked at as {account}, who may not see everything")
    except CannotTell:
        return ()
    more = [f"and {len(notes) - MOST_NOTES} more"] if len(notes) > MOST_NOTES else []
    return (*notes[:MOST_NOTES], *more)
