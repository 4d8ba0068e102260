# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was found on many hosts, as one report; each format is a file of its own.

PRIVATE to the collection.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import (
    CANNOT_TELL,
    ENFORCED,
    NOT_ENFORCED,
    OUTCOMES,
    worst,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible

NO_PROBE = "its answer is not that of the module probe: is ansible_python_interpreter right?"
# What is shown of a probe.
_PROBE = ("app", "control", "case", "asked", "expected", "came", "answer")


@dataclass(frozen=True)
class Control:
    """A control on a host.

    seen_from: the machine that asked, empty for the host itself. excused: who asked cannot tell for
    want of an address that is let in, or of one that is not. accepted: the operator accepts
    that nothing can be told about it. probes: what was asked, as the module ``probe`` returns it.
    """

    name: str
    app: str
    wants: str
    outcome: str
    reason: str = ""
    note: str = ""
    seen_from: str = ""
    asked: int = 0
    right: int = 0
    milliseconds: float = 0.0
    accepted: bool = False
    excused: bool = False
    probes: tuple = ()

    @property
    def good(self) -> bool:
        """Whether it lets a host pass."""
        return self.outcome == ENFORCED or (self.outcome == CANNOT_TELL and self.accepted)


@dataclass(frozen=True)
class Host:
    """A host. ``problem`` says why it could not be asked at all; empty if it could."""

    name: str
    version: str = ""
    edition: str = ""
    controls: tuple = ()
    notes: tuple = ()
    problem: str = ""

    @property
    def outcome(self) -> str:
        """The worst of its controls; ``cannot tell`` of a host that has none."""
        return CANNOT_TELL if self.problem else worst(c.outcome for c in self.controls)

    @property
    def good(self) -> bool:
        """Whether it passes."""
        return bool(
            not self.problem and self.controls and all(control.good for control in self.controls)
        )

    def count(self, outcome: str) -> int:
        """How many of its controls came out so."""
        return sum(control.outcome == outcome for control in self.controls)

    @property
    def reason(self) -> str:
        """The worst control that does not let it pass, in a line."""
        if self.problem:
            return self.problem
        bad = sorted(
            (control for control in self.controls if not control.good),
            key=lambda control: OUTCOMES.index(control.outcome),
        )
        if not bad:
            return "" if self.controls else "the policy names nothing that could be proved"
        first = bad[0]
        place = f"{first.app} " if first.app else ""
        origin = f" from {first.seen_from}" if first.seen_from else ""
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        return f"{place}{first.name}{origin}: {first.outcome}: {first.reason}{more}"


@dataclass(frozen=True)
class Report:
    """Hosts, in order of their names."""

    title: str
    hosts: tuple
    made_at: int = 0

    @property
    def outcome(self) -> str:
        """The worst of its hosts."""
        return worst(host.outcome for host in self.hosts)

    @property
    def good(self) -> bool:
        """Whether every host passes."""
        return bool(self.hosts) and all(host.good for host in self.hosts)


@dataclass
class Builder:
    """Makes a report from what the module ``probe`` returned.

    accept: names of controls, as shell patterns, about which nothing need be told.
    """

    accept: tuple = ()
    hosts: list = field(default_factory=list)

    def add(
        self,
        name: str,
        result: Any,
        vantages: Iterable[tuple[str, Any]] = (),
        notes: Iterable[str] = (),
    ) -> None:
        """Add a host.

        :arg result: what the module returned for it, None if it did not run.
        :kwarg vantages: pairs of a machine's name and what the module returned from there.
        :kwarg notes: what else its reader should know.
        """
        controls, problem = self._controls(result, "")
        if problem:
            self.hosts.append(Host(name, problem=problem))
            return
        for machine, found in vantages:
            seen, problem = self._controls(found, machine)
            if problem:
                seen = [Control("vantage", "", "", CANNOT_TELL, problem, seen_from=machine)]
            controls.extend(seen)
        about = result.get("installation")
        about = about if isinstance(about, Mapping) else {}
        self.hosts.append(
            Host(
                name,
                _visible.line(about.get("version", "")),
                _visible.line(about.get("edition", "")),
                tuple(_settled(controls)),
                (*_texts(result.get("notes")), *notes),
            )
        )

    def _controls(self, result, machine):
        """The controls of a result, and why there are none."""
        problem = _problem(result)
        if problem:
            return [], problem
        try:
            return self._read(result, machine), ""
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            return [], NO_PROBE

    def _read(self, result, machine):
        probes: dict[tuple, list] = {}
        for probe in result.get("probes") or ():
            shown = {word: _visible.line(probe[word]) for word in _PROBE}
            shown["milliseconds"] = _number(probe["milliseconds"])
            probes.setdefault((shown["app"], shown["control"]), []).append(shown)
        return [
            Control(
                **{word: _visible.line(found[word]) for word in ("app", "wants", "reason")},
                name=_visible.line(found["control"]),
                outcome=OUTCOMES[OUTCOMES.index(found["outcome"])],
                note=_visible.line(found.get("note", "")),
                seen_from=machine,
                asked=int(found["probes"]),
                right=int(found["right"]),
                milliseconds=_number(found["milliseconds"]),
                accepted=any(fnmatchcase(str(found["control"]), each) for each in self.accept),
                excused=bool(found.get("excused")),
                probes=tuple(
                    probes.get((_visible.line(found["app"]), _visible.line(found["control"])), ())
                ),
            )
            for found in result["controls"]
        ]

    def report(self, title: str, made_at: int) -> Report:
        """The report of all hosts added."""
        return Report(title, tuple(sorted(self.hosts, key=lambda host: host.name)), made_at)


def _settled(controls):
    """Where who asked cannot show that one is let in, or refused, another machine may show it."""
    shown = {
        (control.app, control.name, probe["came"]): control.seen_from
        for control in controls
        if control.seen_from and control.outcome == ENFORCED
        for probe in control.probes
    }
    return [
        replace(control, outcome=ENFORCED, reason="", note=f"shown from {shown[place]}")
        if control.excused and (place := (control.app, control.name, _lacks(control))) in shown
        else control
        for control in controls
    ]


def _lacks(control):
    """What did not come of any of its questions."""
    came = {probe["came"] for probe in control.probes}
    return REFUSED if came == {LET_IN} else LET_IN


def _number(found):
    number = float(found)
    if not math.isfinite(number):  # which no JSON holds
        raise ValueError(found)
    return number


def _texts(found):
    return tuple(map(_visible.line, found)) if isinstance(found, (list, tuple)) else ()


def _problem(result: Any) -> str:
    """Why a result holds no controls, in a line; empty if it does."""
    if not isinstance(result, Mapping):
        return "it was not asked"
    if "controls" in result:
        return ""
    text = str(result.get("msg") or "it gave no answer")
    kind = "unreachable: " if result.get("unreachable") else ""
    return kind + _visible.line(text)


__all__ = ["CANNOT_TELL", "ENFORCED", "NOT_ENFORCED", "Builder", "Control", "Host", "Report"]
