# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit for people at a terminal: the worst first, and at most a screen.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    CANNOT_TELL,
    FAIL,
    PASS,
    WAIVED,
    Audit,
    HostResult,
    Judged,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    SEVERITIES,
)

# What fits on a screen together with what Ansible prints itself.
MOST_CONTROLS, MOST_HOSTS, MOST_NAMED = 18, 8, 4
WIDEST = 118
COLOURS = {"critical": "red", "high": "red", "medium": "yellow", "low": "cyan", "info": "cyan"}


def lines(audit: Audit) -> list[tuple[str, str]]:
    """Pairs of a line and its colour, empty for none."""
    return [(_cut(text), colour) for text, colour in _lines(audit)]


def _lines(audit: Audit) -> Iterator[tuple[str, str]]:
    yield from _title(audit)
    yield "", ""
    one = audit.hosts[0] if len(audit.hosts) == 1 else None
    yield from _of_host(one) if one else _of_fleet(audit)
    yield from _waivers(audit)
    yield "", ""
    yield from _sum(audit)


def _title(audit: Audit) -> Iterator[tuple[str, str]]:
    before = audit.trend.score if audit.trend else None
    change = f" (was {before})" if before is not None else ""
    score = f"score {audit.score} of 100{change}" if audit.score is not None else "no score"
    if len(audit.hosts) != 1:
        yield f"audit of {len(audit.hosts)} hosts: {score}", ""
    else:
        host = audit.hosts[0]
        about = " ".join(filter(None, ("Ant Media Server", host.version, host.edition)))
        what = f"{about}, {host.state}" if host.version else host.state
        yield f"audit of {host.name}: {what}: {score}", ""
    if audit.trend:
        day = time.strftime("%Y-%m-%d %H:%M", time.gmtime(audit.trend.before))
        new, fixed = len(audit.trend.new), len(audit.trend.fixed)
        yield f"since {day} UTC: {new} new, {fixed} mended", "red" if new else ""


def _of_host(host: HostResult) -> Iterator[tuple[str, str]]:
    if host.problem:
        yield f"  {host.problem}", "red"
        return
    found = sorted(host.with_status(FAIL), key=_severity)
    for finding in found[:MOST_CONTROLS]:
        first, *more = finding.open_faults
        rest = f" (and {len(more) + finding.more} more)" if more or finding.more else ""
        yield _row(finding, first.text + rest), COLOURS[finding.control.severity]
    if len(found) > MOST_CONTROLS:
        yield f"  and {len(found) - MOST_CONTROLS} more", ""
    unknown = list(host.with_status(CANNOT_TELL))
    if unknown:
        names = ", ".join(finding.control.id for finding in unknown[:MOST_NAMED])
        left = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
        yield f"  cannot tell: {names}{left}: {unknown[0].lines[0]}", "yellow"
    for note in host.notes[:2]:
        yield f"  note: {note}", ""


def _row(finding: Judged, text: str) -> str:
    return f"  {finding.control.severity:8}  {finding.control.id:22}  {text}"


def _of_fleet(audit: Audit) -> Iterator[tuple[str, str]]:
    for control, hosts in audit.failing[:MOST_CONTROLS]:
        names = ", ".join(hosts[:MOST_NAMED]) + (" ..." if len(hosts) > MOST_NAMED else "")
        text = f"{control.severity:8}  {control.id:22}  {len(hosts):4}  {control.title} ({names})"
        yield f"  {text}", COLOURS[control.severity]
    if len(audit.failing) > MOST_CONTROLS:
        yield f"  and {len(audit.failing) - MOST_CONTROLS} more", ""
    worst = sorted(
        audit.hosts, key=lambda host: (host.score is not None, host.score or 0, host.name)
    )
    yield "", ""
    for host in worst[:MOST_HOSTS]:
        score = "-" if host.score is None else str(host.score)
        fails = ", ".join(
            f"{count} {severity}"
            for severity in SEVERITIES
            if (count := host.count(FAIL, severity))
        )
        text = host.problem or fails or "nothing fails"
        yield (
            f"  {host.name:24}  {score:>3}  {host.state:10}  {host.version:8}  {text}",
            (COLOURS.get(host.worst, "yellow" if host.problem else "")),
        )
    if len(worst) > MOST_HOSTS:
        yield f"  and {len(worst) - MOST_HOSTS} others", ""


def _waivers(audit: Audit) -> Iterator[tuple[str, str]]:
    for waiver in audit.expired[:MOST_NAMED]:
        yield f"  expired waiver: {waiver.control} ({waiver.owner}, {waiver.expires})", "yellow"
    if audit.unused:
        names = ", ".join(waiver.control for waiver in audit.unused[:MOST_NAMED])
        yield f"  waivers that waive nothing: {names}", ""


def _sum(audit: Audit) -> Iterator[tuple[str, str]]:
    fails = {severity: audit.count(FAIL, severity) for severity in SEVERITIES}
    told = ", ".join(f"{count} {severity}" for severity, count in fails.items() if count)
    text = (
        f"{audit.count(FAIL)} fail{f' ({told})' if told else ''},"
        f" {audit.count(CANNOT_TELL)} cannot tell, {audit.count(WAIVED)} waived,"
        f" {audit.count(PASS)} pass"
    )
    yield text, "red" if fails["critical"] or fails["high"] else ""


def _severity(finding: Judged) -> int:
    return SEVERITIES.index(finding.control.severity)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 3] + "..."
