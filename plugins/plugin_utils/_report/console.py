# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A report for people at a terminal: a table per host, or a line each if there are many.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import (
    CANNOT_TELL,
    ENFORCED,
    NOT_ENFORCED,
    Host,
    Report,
)

MANY = 6
COLOURS = {ENFORCED: "green", NOT_ENFORCED: "red", CANNOT_TELL: "yellow"}
HEADINGS = ("control", "app", "wants", "outcome", "right", "ms", "")
WIDEST = 24


def lines(report: Report) -> list[tuple[str, str]]:
    """Pairs of a line and its colour."""
    shown = _overview(report) if len(report.hosts) >= MANY else _tables(report)
    return [*shown, *_sum(report)]


def _tables(report):
    for host in report.hosts:
        yield from _table(host)


def _table(host: Host) -> Iterator[tuple[str, str]]:
    about = " ".join(filter(None, ("Ant Media Server" if host.version else "", host.version)))
    title = "  ".join(filter(None, (host.name, about, host.edition)))
    yield f"{title}: {host.outcome}", COLOURS[host.outcome]
    if not host.controls:
        yield f"  {host.reason}", COLOURS[host.outcome]
    else:
        rows = [_row(control) for control in host.controls]
        for row, colour in zip(_aligned([HEADINGS, *rows]), ["", *map(_colour, host.controls)]):
            yield f"  {row}", colour
    for note in host.notes:
        yield f"  note: {note}", ""
    yield "", ""


def _row(control):
    name = control.name + (f" @{control.seen_from}" if control.seen_from else "")
    outcome = control.outcome + (" (accepted)" if control.accepted and not _fine(control) else "")
    return (
        name,
        control.app or "-",
        control.wants,
        outcome,
        f"{control.right}/{control.asked}",
        f"{control.milliseconds:.0f}",
        control.reason or control.note,
    )


def _fine(control):
    return control.outcome == ENFORCED


def _colour(control):
    return COLOURS[control.outcome]


def _aligned(rows):
    widths = [min(WIDEST, max(len(row[place]) for row in rows)) for place in range(len(HEADINGS))]
    for row in rows:
        cells = [_cut(text, width) for text, width in zip(row[:-1], widths)]
        yield "  ".join([*cells, row[-1]]).rstrip()


def _cut(text, width):
    return (text if len(text) <= width else text[: width - 1] + "~").ljust(width)


def _overview(report):
    width = max(len(host.name) for host in report.hosts)
    for host in report.hosts:
        counts = f"{host.count(ENFORCED)}/{len(host.controls)}"
        text = (
            f"{host.name:{width}}  {host.version:8}  {host.outcome:12}  {counts:>7}  {host.reason}"
        )
        yield text.rstrip(), COLOURS[host.outcome]
    yield "", ""


def _sum(report):
    counts = {
        outcome: sum(host.outcome == outcome for host in report.hosts)
        for outcome in (ENFORCED, NOT_ENFORCED, CANNOT_TELL)
    }
    text = ", ".join(f"{outcome} {number}" for outcome, number in counts.items())
    passed = sum(host.good for host in report.hosts)
    yield f"{len(report.hosts)} hosts: {text}; {passed} pass", "" if report.good else "red"
