# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit by control: what was found on many hosts is said once, with the hosts.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    CANNOT_TELL,
    FAIL,
    Audit,
    HostResult,
    Judged,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    SEVERITIES,
    AnyControl,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import Waiver

Each = TypeVar("Each")


@dataclass(frozen=True)
class Seen:
    """A text, and the hosts that it is about."""

    text: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Failing:
    """A control that fails somewhere and is not waived there.

    faults: what makes it fail. left_out: how many more faults there are. steps: what a person has
    to do. policies: what mends it, as YAML.
    """

    control: AnyControl
    hosts: tuple[str, ...]
    faults: tuple[Seen, ...]
    left_out: int
    steps: tuple[str, ...]
    policies: tuple[Seen, ...]


@dataclass(frozen=True)
class Untold:
    """A control that cannot be told on some hosts, and the reasons."""

    control: AnyControl
    hosts: tuple[str, ...]
    reasons: tuple[Seen, ...]


@dataclass(frozen=True)
class Waived:
    """Faults that a waiver covers."""

    control: AnyControl
    waiver: Waiver
    faults: tuple[Seen, ...]


def failing(audit: Audit) -> list[Failing]:
    """What fails, the worst first."""
    found = _by_control(audit, FAIL)
    return [_failing(control, found[control.id]) for control, _hosts in audit.failing]


def untold(audit: Audit) -> list[Untold]:
    """What cannot be told of hosts that could be judged, the worst first."""
    judged = {host.name for host in audit.hosts if not host.problem}
    found = _by_control(audit, CANNOT_TELL)
    rows = []
    for control in sorted(audit.controls, key=_severity):
        pairs = [pair for pair in found.get(control.id, ()) if pair[0] in judged]
        reasons = _seen((line, host) for host, finding in pairs for line in finding.lines)
        if pairs:
            rows.append(Untold(control, tuple(host for host, _finding in pairs), reasons))
    return rows


def waived(audit: Audit) -> list[Waived]:
    """What is waived, the worst first."""
    found: dict[tuple[str, Waiver], list[tuple[str, str]]] = {}
    for host in audit.hosts:
        for finding in host.findings:
            for fault in finding.faults:
                if fault.waiver:
                    key = (finding.control.id, fault.waiver)
                    found.setdefault(key, []).append((fault.text, host.name))
    controls = {control.id: control for control in audit.controls}
    rows = [Waived(controls[name], waiver, _seen(p)) for (name, waiver), p in found.items()]
    return sorted(rows, key=lambda row: _severity(row.control))


def sums(found: Audit | HostResult) -> str:
    """How many controls came out how, in words."""
    fails = {severity: found.count(FAIL, severity) for severity in SEVERITIES}
    told = ", ".join(f"{count} {severity}" for severity, count in fails.items() if count)
    rest = ", ".join(f"{found.count(each)} {each}" for each in ("cannot tell", "waived", "pass"))
    return f"{found.count(FAIL)} fail{f' ({told})' if told else ''}, {rest}"


def worst_first(hosts: Iterable[HostResult]) -> list[HostResult]:
    """Hosts, those without a score first."""
    return sorted(hosts, key=lambda host: (host.score is not None, host.score or 0, host.name))


def when(seconds: float) -> str:
    """A time for people."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def some(found: Iterable[Each], most: int) -> tuple[list[Each], int]:
    """A few of many, and how many are left."""
    found = list(found)
    return found[:most], max(0, len(found) - most)


Pairs = list[tuple[str, Judged]]


def _by_control(audit: Audit, status: str) -> dict[str, Pairs]:
    found: dict[str, Pairs] = {}
    for host in audit.hosts:
        for finding in host.with_status(status):
            found.setdefault(finding.control.id, []).append((host.name, finding))
    return found


def _failing(control: AnyControl, found: Pairs) -> Failing:
    policies = ((_remedy.lines(finding.policy), host) for host, finding in found if finding.policy)
    return Failing(
        control,
        tuple(host for host, _finding in found),
        _seen((fault.text, host) for host, finding in found for fault in finding.open_faults),
        sum(finding.more for _host, finding in found),
        tuple(dict.fromkeys(step for _host, finding in found for step in finding.steps)),
        _seen(policies),
    )


def _seen(pairs: Iterable[tuple[str, str]]) -> tuple[Seen, ...]:
    """Texts with their hosts: those of most hosts first."""
    hosts: dict[str, dict[str, None]] = {}
    for text, host in pairs:
        hosts.setdefault(text, {})[host] = None
    rows = [Seen(text, tuple(names)) for text, names in hosts.items()]
    return tuple(sorted(rows, key=lambda row: -len(row.hosts)))


def _severity(control: AnyControl) -> int:
    return SEVERITIES.index(control.severity)
