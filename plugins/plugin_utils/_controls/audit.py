# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit: what came of every control on every host. This is what every report is made of.

All texts in it are visible ones, in a line and not too long, so a format has to see to its own
escapes and to nothing else.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CANNOT_TELL,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    SEVERITIES,
    AnyControl,
    merged,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import Waiver

# An outcome that is no control's own: every fault of it is waived.
WAIVED = "waived"
# In the order in which people want to read them.
STATUSES = (FAIL, CANNOT_TELL, WAIVED, PASS, NOT_APPLICABLE)

# What an audit could see of a host.
RUNNING, STOPPED, UNSEEN, ABSENT, NOT_READ, NOT_REACHED = (
    "running",
    "stopped",
    "not seen",
    "absent",
    "not readable",
    "not reached",
)


@dataclass(frozen=True)
class JudgedFault:
    """A fault: its line, the application it is about, what mends it, and who waived it.

    expired: the waiver that covered it until a day that is over.
    """

    text: str
    app: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)
    step: str = ""
    waiver: Waiver | None = None
    expired: Waiver | None = None


@dataclass(frozen=True)
class Judged:
    """What a control found on a host.

    lines: why it passes, is not applicable, or cannot be told. since: when it began to fail, in
    Unix seconds, as far as earlier runs tell; 0 for one that does not fail. more: faults that were
    left out.
    """

    control: AnyControl
    outcome: str
    faults: tuple[JudgedFault, ...] = ()
    lines: tuple[str, ...] = ()
    since: int = 0
    more: int = 0

    @functools.cached_property
    def status(self) -> str:
        """The outcome, or that all of its faults are waived."""
        waived = self.outcome == FAIL and all(fault.waiver for fault in self.faults)
        return WAIVED if waived else self.outcome

    @property
    def open_faults(self) -> tuple[JudgedFault, ...]:
        """The faults that nobody waived."""
        return tuple(fault for fault in self.faults if not fault.waiver)

    @property
    def policy(self) -> dict[str, Any]:
        """The variables for ``secure`` that mend what nobody waived; empty for none."""
        return merged(fault.policy for fault in self.open_faults)

    @property
    def steps(self) -> tuple[str, ...]:
        """What else a person has to do."""
        return tuple(dict.fromkeys(fault.step for fault in self.open_faults if fault.step))


@dataclass(frozen=True)
class HostResult:
    """A host.

    state: one of those above. problem: why there is nothing to judge, empty where there is. notes:
    what could not be seen of it. findings: one for each control, in their order. score: from 0 to
    100, None where nothing could be judged.
    """

    name: str
    groups: tuple[str, ...] = ()
    state: str = NOT_REACHED
    version: str = ""
    edition: str = ""
    home: str = ""
    apps: tuple[str, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    findings: tuple[Judged, ...] = ()
    score: int | None = None

    def with_status(self, *statuses: str) -> Iterator[Judged]:
        """The findings of some statuses."""
        return (finding for finding in self.findings if finding.status in statuses)

    def count(self, status: str, severity: str = "") -> int:
        """How many findings have a status, and a severity if one is named."""
        return sum(
            not severity or finding.control.severity == severity
            for finding in self.with_status(status)
        )

    @property
    def worst(self) -> str:
        """The severity of the worst that fails and is not waived, empty for none."""
        found = {finding.control.severity for finding in self.with_status(FAIL)}
        return next((severity for severity in SEVERITIES if severity in found), "")

    @property
    def policy(self) -> dict[str, Any]:
        """All that ``secure`` can mend on it, as one policy."""
        return merged(finding.policy for finding in self.with_status(FAIL))


@dataclass(frozen=True)
class Trend:
    """What changed since an earlier run. Pairs are of a host and the id of a control.

    before: when that was, in Unix seconds. score: of all hosts then.
    """

    before: int
    score: int | None
    new: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    still: tuple[tuple[str, str], ...] = ()
    hosts_new: tuple[str, ...] = ()
    hosts_gone: tuple[str, ...] = ()
    scores: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit:
    """An audit. hosts: by name. controls: all that were judged, in their order. made_at: when, in
    Unix seconds. groups: scores by group. unused: waivers that waive nothing."""

    title: str
    made_at: int
    hosts: tuple[HostResult, ...]
    controls: tuple[AnyControl, ...]
    score: int | None = None
    groups: Mapping[str, int] = field(default_factory=dict)
    trend: Trend | None = None
    unused: tuple[Waiver, ...] = ()
    expired: tuple[Waiver, ...] = ()

    @functools.cached_property
    def failing(self) -> tuple[tuple[AnyControl, tuple[str, ...]], ...]:
        """Controls that fail somewhere and are not waived there, with the hosts, worst first."""
        hosts: dict[str, list[str]] = {}
        for host in self.hosts:
            for finding in host.with_status(FAIL):
                hosts.setdefault(finding.control.id, []).append(host.name)
        found = [(c, tuple(hosts[c.id])) for c in self.controls if c.id in hosts]
        return tuple(
            sorted(found, key=lambda row: (SEVERITIES.index(row[0].severity), -len(row[1])))
        )

    def count(self, status: str, severity: str = "") -> int:
        """How many findings of all hosts have a status, and a severity if one is named."""
        return sum(host.count(status, severity) for host in self.hosts)

    def failed_hosts(self, fail_on: str) -> dict[str, str]:
        """Hosts that do not pass, and why.

        :arg fail_on: the least severity that counts, or ``none`` for nothing at all.
        """
        if fail_on not in SEVERITIES:
            return {}
        counts = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        found = {}
        for host in self.hosts:
            bad = [each for each in host.with_status(FAIL) if each.control.severity in counts]
            if bad:
                bad.sort(key=lambda each: SEVERITIES.index(each.control.severity))
                more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
                control, text = bad[0].control, bad[0].open_faults[0].text
                found[host.name] = f"{control.severity}: {control.id}: {text}{more}"
            elif host.problem:
                found[host.name] = f"not audited: {host.problem}"
        return found


__all__ = [
    "ABSENT",
    "CANNOT_TELL",
    "FAIL",
    "NOT_APPLICABLE",
    "NOT_REACHED",
    "NOT_READ",
    "PASS",
    "RUNNING",
    "STATUSES",
    "STOPPED",
    "UNSEEN",
    "WAIVED",
    "Audit",
    "HostResult",
    "Judged",
    "JudgedFault",
    "Trend",
]
