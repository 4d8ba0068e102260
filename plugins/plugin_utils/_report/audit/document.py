# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit as plain data: what the JSON report holds, and what pages can be made of.

Its shape is ``docs/audit.schema.json``. What is added there keeps the number of its version; what
is taken away or changes its meaning makes a new one.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remedy as _remedy,
    trend as _trend,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    STATUSES,
    Audit,
    HostResult,
    Judged,
    JudgedFault,
    Trend,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    SEVERITIES,
    AnyControl,
    FleetControl,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import Waiver

VERSION = 1


def of(audit: Audit) -> dict[str, Any]:
    """The whole audit."""
    return {
        "kind": _trend.KIND,
        "schema": VERSION,
        "title": audit.title,
        "made_at": audit.made_at,
        "score": audit.score,
        "groups": dict(audit.groups),
        "counts": _counts(audit),
        "controls": [control(each) for each in audit.controls],
        "hosts": [host(each) for each in audit.hosts],
        "trend": _trend_of(audit.trend) if audit.trend else None,
        "waivers": {
            "unused": [waiver(each) for each in audit.unused],
            "expired": [waiver(each) for each in audit.expired],
        },
    }


def _counts(found: Audit | HostResult) -> dict[str, Any]:
    fails = {severity: found.count("fail", severity) for severity in SEVERITIES}
    return {"by_status": {each: found.count(each) for each in STATUSES}, "fails": fails}


def control(found: AnyControl) -> dict[str, Any]:
    """A control and its page."""
    page = found.page
    return {
        "id": found.id,
        "title": found.title,
        "severity": found.severity,
        "topic": found.topic,
        "fleet": isinstance(found, FleetControl),
        "mends": found.mends,
        "what": page.what,
        "why": page.why,
        "attack": page.attack,
        "remedy": page.remedy,
        "references": list(page.references),
    }


def host(found: HostResult) -> dict[str, Any]:
    """A host and what was found on it."""
    return {
        "name": found.name,
        "groups": list(found.groups),
        "state": found.state,
        "problem": found.problem,
        "version": found.version,
        "edition": found.edition,
        "home": found.home,
        "apps": list(found.apps),
        "notes": list(found.notes),
        "score": found.score,
        "worst": found.worst,
        "counts": _counts(found),
        "policy": found.policy,
        "policy_yaml": _remedy.lines(found.policy),
        "findings": [finding(each) for each in found.findings],
    }


def finding(found: Judged) -> dict[str, Any]:
    """What a control found."""
    return {
        "control": found.control.id,
        "severity": found.control.severity,
        "status": found.status,
        "lines": list(found.lines),
        "faults": [_fault(each) for each in found.faults],
        "more": found.more,
        "since": found.since or None,
        "policy": found.policy,
        "policy_yaml": _remedy.lines(found.policy),
        "steps": list(found.steps),
    }


def _fault(found: JudgedFault) -> dict[str, Any]:
    return {
        "text": found.text,
        "app": found.app,
        "waived": waiver(found.waiver) if found.waiver else None,
        "waiver_expired": waiver(found.expired) if found.expired else None,
    }


def waiver(found: Waiver) -> dict[str, Any]:
    """A waiver, as the inventory has it."""
    return {
        "control": found.control,
        "hosts": list(found.hosts),
        "groups": list(found.groups),
        "apps": list(found.apps),
        "reason": found.reason,
        "owner": found.owner,
        "expires": found.expires.isoformat(),
    }


def _trend_of(found: Trend) -> dict[str, Any]:
    def pairs(rows):
        return [{"host": host, "control": name} for host, name in rows]

    return {
        "before": found.before,
        "score": found.score,
        "new": pairs(found.new),
        "fixed": pairs(found.fixed),
        "still": pairs(found.still),
        "hosts_new": list(found.hosts_new),
        "hosts_gone": list(found.hosts_gone),
        "scores": dict(found.scores),
    }
