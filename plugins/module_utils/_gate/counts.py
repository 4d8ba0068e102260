# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the gate counts, and the text of it that Prometheus reads.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "streamward_gate_"
# Far more than the reasons of the applications of a server are.
MOST_SERIES = 20_000
_COUNTER, _GAUGE = "counter", "gauge"


@dataclass(frozen=True)
class Metric:
    """A number, or one for each value of its labels. None of them says anything of a stream."""

    kind: str
    help: str
    labels: tuple[str, ...] = ()


METRICS = {
    "decisions_total": Metric(
        _COUNTER,
        "Decisions; an empty reason is one that let somebody in.",
        ("via", "direction", "app", "reason"),
    ),
    "policy_good": Metric(_GAUGE, "1 while the policy file is right; else nobody gets in."),
    "policy_reads_total": Metric(_COUNTER, "How often the policy file was read.", ("result",)),
    "answers_connections": Metric(_GAUGE, "Connections to the gate's own answers."),
    "answers_broken_total": Metric(
        _COUNTER, "Connections to the gate's own answers that were ended, by reason.", ("reason",)
    ),
    "rtmp_connections": Metric(_GAUGE, "RTMP connections, by how far they have come.", ("phase",)),
    "rtmp_ended_total": Metric(
        _COUNTER, "RTMP connections that the gate ended, by reason.", ("reason",)
    ),
    "rtmp_bytes_total": Metric(_COUNTER, "Bytes that came over RTMP, by source.", ("source",)),
    "viewers_tokens": Metric(_GAUGE, "Tokens that are being watched with, where that is limited."),
    "start_time_seconds": Metric(_GAUGE, "When the gate was started."),
}


class Counts:
    """The numbers. A name or a label that is not in the table is a fault of the program."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, tuple[str, ...]], float] = {}

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """Count something."""
        key = _key(name, labels)
        if key in self._values or len(self._values) < MOST_SERIES:
            self._values[key] = self._values.get(key, 0) + amount

    def put(self, name: str, value: float, **labels: str) -> None:
        """Say how much there is of something now."""
        self.add(name, value - self.of(name, **labels), **labels)

    def of(self, name: str, **labels: str) -> float:
        """How much was counted."""
        return self._values.get(_key(name, labels), 0)

    def text(self) -> str:
        """All of it, as Prometheus reads it."""
        series: dict[str, list[str]] = {name: [] for name in METRICS}
        for (name, values), value in sorted(self._values.items()):
            labels = ",".join(
                f'{label}="{_escaped(text)}"' for label, text in zip(METRICS[name].labels, values)
            )
            number = repr(value) if value % 1 else str(int(value))
            series[name].append(f"{PREFIX}{name}{f'{{{labels}}}' if labels else ''} {number}\n")
        return "".join(
            f"# HELP {PREFIX}{name} {metric.help}\n# TYPE {PREFIX}{name} {metric.kind}\n"
            + "".join(series[name])
            for name, metric in METRICS.items()
        )


def _key(name, labels):
    wanted = METRICS[name].labels
    if len(labels) != len(wanted):
        raise KeyError(name)
    return name, tuple(labels[label] for label in wanted)


def _escaped(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
