# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The score of a host, a group and a fleet: a number to watch, from 0 to 100.

Each control counts by its severity. What passes counts in full, what fails or cannot be told not at
all; what is not applicable or waived is left out. One critical fault beside fifty controls that
pass would hardly show, so the worst that fails sets a ceiling.

Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    CANNOT_TELL,
    FAIL,
    PASS,
    HostResult,
    Judged,
)

WEIGHTS = {"critical": 10, "high": 6, "medium": 3, "low": 1, "info": 0}
# What a host can have at best while a control of a severity fails.
CEILINGS = {"critical": 39, "high": 69, "medium": 89, "low": 99, "info": 100}


def of_findings(findings: Iterable[Judged]) -> int | None:
    """The score of what was found on a host; None where nothing could be judged."""
    right = total = 0
    ceiling = 100
    for finding in findings:
        severity = finding.control.severity
        if finding.status in (PASS, FAIL, CANNOT_TELL):
            total += WEIGHTS[severity]
        if finding.status == PASS:
            right += WEIGHTS[severity]
        if finding.status == FAIL:
            ceiling = min(ceiling, CEILINGS[severity])
    return min(ceiling, 100 * right // total) if total else None


def of_hosts(hosts: Iterable[HostResult]) -> int | None:
    """The score of several hosts: their mean. Those that could not be judged are left out."""
    scores = [host.score for host in hosts if host.score is not None]
    return sum(scores) // len(scores) if scores else None


def of_groups(hosts: Iterable[HostResult]) -> dict[str, int]:
    """The score of each group of the inventory."""
    members: dict[str, list[HostResult]] = {}
    for host in hosts:
        for group in host.groups:
            members.setdefault(group, []).append(host)
    scores = {group: of_hosts(found) for group, found in sorted(members.items())}
    return {group: score for group, score in scores.items() if score is not None}
