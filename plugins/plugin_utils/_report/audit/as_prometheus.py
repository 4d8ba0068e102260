# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit for Prometheus: a file for the textfile collector of its node_exporter.

What fails is a series for each host and control, and nothing is one that does not: 500 hosts with
60 controls would make 30,000 else.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    FAIL,
    STATUSES,
    Audit,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    SEVERITIES,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible

NAME = "{title}.prom"

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
Sample = tuple[dict[str, str], float]


@dataclass(frozen=True)
class Metric:
    """A metric: its name, what it is, and a value for each set of labels."""

    name: str
    help: str
    samples: Iterable[Sample]


def render(audit: Audit) -> str:
    """The text of the file."""
    return "".join(line + "\n" for metric in _metrics(audit) for line in _lines(metric))


def _metrics(audit: Audit) -> Iterator[Metric]:
    yield Metric("made_timestamp_seconds", "When the audit was made.", [({}, audit.made_at)])
    yield Metric("hosts", "How many hosts the audit was of.", [({}, len(audit.hosts))])
    yield Metric(
        "fleet_score",
        "The score of all hosts, from 0 to 100.",
        [({}, audit.score)] if audit.score is not None else [],
    )
    yield Metric(
        "group_score",
        "The score of a group of the inventory, from 0 to 100.",
        [({"group": name}, score) for name, score in audit.groups.items()],
    )
    yield Metric(
        "host_score",
        "The score of a host, from 0 to 100.",
        [({"host": host.name}, host.score) for host in audit.hosts if host.score is not None],
    )
    yield Metric(
        "host_judged",
        "Whether there was anything to judge on a host.",
        [({"host": host.name}, float(not host.problem)) for host in audit.hosts],
    )
    yield Metric(
        "findings",
        "How many controls came out so on a host.",
        [
            ({"host": host.name, "status": status}, host.count(status))
            for host in audit.hosts
            for status in STATUSES
        ],
    )
    yield Metric(
        "failing",
        "How many controls of a severity fail on a host and are not waived.",
        [
            ({"host": host.name, "severity": severity}, host.count(FAIL, severity))
            for host in audit.hosts
            for severity in SEVERITIES
        ],
    )
    yield Metric(
        "failing_since_timestamp_seconds",
        "Since when a control fails on a host; not there if it does not, or is waived.",
        [
            (
                {
                    "host": host.name,
                    "control": finding.control.id,
                    "severity": finding.control.severity,
                },
                finding.since,
            )
            for host in audit.hosts
            for finding in host.with_status(FAIL)
        ],
    )
    yield Metric(
        "expired_waivers",
        "How many waivers are over while what they waived is still there.",
        [({}, len(audit.expired))],
    )


def _lines(metric: Metric) -> Iterator[str]:
    name = f"streamward_audit_{metric.name}"
    rows: dict[str, float] = {}
    for labels, value in metric.samples:
        # The collector takes no file with the same series twice, as long names make that are cut.
        rows.setdefault(_labels(labels), value)
    if rows:
        yield f"# HELP {name} {metric.help}"
        yield f"# TYPE {name} gauge"
        for labels_, value in rows.items():
            yield f"{name}{labels_} {value:.0f}"


def _labels(labels: dict[str, str]) -> str:
    pairs = (f'{key}="{_visible.line(text).translate(_ESCAPES)}"' for key, text in labels.items())
    return f"{{{','.join(pairs)}}}" if labels else ""
