# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What changed since an earlier run, by its JSON report.

That report is a file on the controller which anything may have happened to: what is not as a report
has it is left out, and a file that is none is an error that says so.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    CANNOT_TELL,
    FAIL,
    WAIVED,
    HostResult,
    Trend,
)

KIND = "streamward.antmedia.audit"
# 500 hosts with 60 controls make about 40 MB at worst.
MOST_BYTES = 256 << 20


class TrendError(ValueError):
    """The file is no report of an audit."""


@dataclass(frozen=True)
class Earlier:
    """An earlier run.

    failed: since when a control fails on a host, by both names. judged: pairs of which anything was
    known. scores: by host.
    """

    made_at: int
    score: int | None = None
    failed: Mapping[tuple[str, str], int] = field(default_factory=dict)
    judged: frozenset[tuple[str, str]] = frozenset()
    scores: Mapping[str, int] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()


def read(data: bytes) -> Earlier:
    """An earlier run out of its report.

    :raises TrendError: when it is none.
    """
    try:
        content = _json.parse(data.decode("utf-8"))
    except ValueError as error:
        raise TrendError(f"is not JSON: {error}") from None
    if not isinstance(content, Mapping) or content.get("kind") != KIND:
        raise TrendError("is not a report of an audit")
    made_at = _number(content.get("made_at")) or 0
    failed, judged, scores, names = {}, set(), {}, set()
    for host in _rows(content.get("hosts")):
        name = host.get("name")
        if not isinstance(name, str):
            continue
        names.add(name)
        score = _number(host.get("score"))
        if score is not None:
            scores[name] = score
        for finding in _rows(host.get("findings")):
            control, status = finding.get("control"), finding.get("status")
            if not isinstance(control, str):
                continue
            if status != CANNOT_TELL:
                judged.add((name, control))
            if status in (FAIL, WAIVED):
                failed[(name, control)] = _number(finding.get("since")) or made_at
    return Earlier(
        made_at,
        _number(content.get("score")),
        failed,
        frozenset(judged),
        scores,
        frozenset(names),
    )


def _rows(found: Any) -> Iterable[Mapping]:
    rows = found if isinstance(found, list) else ()
    return [row for row in rows if isinstance(row, Mapping)]


def _number(found: Any) -> int | None:
    if isinstance(found, bool) or not isinstance(found, (int, float)) or abs(found) > 1e12:
        return None
    return int(found)


def compare(earlier: Earlier, hosts: Iterable[HostResult], score: int | None) -> Trend:
    """What changed. A control that could not be told, then or now, is neither new nor fixed."""
    now, known = set(), set()
    hosts = list(hosts)
    for host in hosts:
        for finding in host.findings:
            pair = (host.name, finding.control.id)
            if finding.status != CANNOT_TELL:
                known.add(pair)
            if finding.status in (FAIL, WAIVED):
                now.add(pair)
    before = set(earlier.failed)
    names = {host.name for host in hosts}
    return Trend(
        before=earlier.made_at,
        score=earlier.score,
        new=tuple(sorted((now - before) & earlier.judged)),
        fixed=tuple(sorted((before - now) & known)),
        still=tuple(sorted(now & before)),
        hosts_new=tuple(sorted(names - earlier.hosts)),
        hosts_gone=tuple(sorted(earlier.hosts - names)),
        scores={name: earlier.scores[name] for name in sorted(names & set(earlier.scores))},
    )
