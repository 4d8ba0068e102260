# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All that an audit found, as data for a page: every text and every finding is in it once.

Hosts of a fleet have much the same faults, so that 500 of them make little more than one. Wherever
a text, a waiver or a detail is meant, its number stands.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    STATUSES,
    Audit,
    HostResult,
    Judged,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import Waiver
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    digest as _digest,
)

NONE = -1


class _Numbers:
    """Things, and the number of each."""

    def __init__(self) -> None:
        self.things: dict[Hashable, int] = {}

    def of(self, thing: Hashable) -> int:
        return self.things.setdefault(thing, len(self.things))


class _Packer:
    def __init__(self) -> None:
        self._texts, self._details, self._waivers = _Numbers(), _Numbers(), _Numbers()
        self._seen: dict[str, int] = {}

    def of(self, audit: Audit) -> dict[str, Any]:
        hosts = [self._host(host) for host in _digest.worst_first(audit.hosts)]
        return {
            "statuses": STATUSES,
            "controls": [
                {"id": c.id, "title": c.title, "severity": c.severity, "topic": c.topic}
                for c in audit.controls
            ],
            "hosts": hosts,
            "details": list(self._details.things),
            "waivers": list(self._waivers.things),
            "texts": list(self._texts.things),
        }

    def _text(self, text: str) -> int:
        if text not in self._seen:
            self._seen[text] = self._texts.of(_visible.text(text))
        return self._seen[text]

    def _host(self, host: HostResult) -> dict[str, Any]:
        about = [f"Ant Media Server {host.version}".strip(), host.edition, host.home]
        return {
            "name": _visible.line(host.name),
            "groups": [self._text(each) for each in host.groups],
            "state": host.state,
            "about": self._text(", ".join(filter(None, about)) if host.version else ""),
            "apps": [self._text(each) for each in host.apps],
            "notes": [self._text(each) for each in host.notes],
            "problem": self._text(host.problem),
            "score": host.score,
            "policy": self._text(_remedy.lines(host.policy)),
            "found": [self._detail(finding) for finding in host.findings],
        }

    def _detail(self, finding: Judged) -> int:
        faults = tuple(
            (
                self._text(fault.text),
                self._waiver(fault.waiver) if fault.waiver else NONE,
                self._waiver(fault.expired) if fault.expired else NONE,
            )
            for fault in finding.faults
        )
        return self._details.of(
            (
                STATUSES.index(finding.status),
                faults,
                tuple(self._text(line) for line in finding.lines),
                finding.more,
                _digest.when(finding.since) if finding.since else "",
                tuple(self._text(step) for step in finding.steps),
                self._text(_remedy.lines(finding.policy)),
            )
        )

    def _waiver(self, waiver: Waiver) -> int:
        text = f"{waiver.reason} ({waiver.owner}, until {waiver.expires.isoformat()})"
        return self._waivers.of(self._text(text))


def of(audit: Audit) -> dict[str, Any]:
    """The data of an audit."""
    return _Packer().of(audit)
