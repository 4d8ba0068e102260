# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit as Markdown, for wikis, tickets and merge requests.

What comes from a host stands in code, where nothing is a mark, a link or the name of a person, and
nowhere at the beginning of a line.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    FAIL,
    PASS,
    Audit,
    HostResult,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    SEVERITIES,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import Waiver
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    digest as _digest,
)

NAME = "{title}.md"

WIDTH = 120
# A page that people read. The other formats have the rest.
MOST_HOSTS, MOST_TEXTS, MOST_NAMES, MOST_POLICIES = 50, 30, 8, 5
# A word, or code with what follows it: neither is broken.
_WORD = re.compile(r"`[^`]*`\S*|\S+")


def render(audit: Audit) -> str:
    """The text of the file."""
    return "\n\n".join(_parts(audit)) + "\n"


def _parts(audit: Audit) -> Iterator[str]:
    yield from _head(audit)
    yield from _hosts(audit)
    yield from _failing(audit)
    yield from _untold(audit)
    yield from _waived(audit)
    yield from _passing(audit)


def _head(audit: Audit) -> Iterator[str]:
    one = len(audit.hosts) == 1
    yield f"# Audit of {code(audit.hosts[0].name) if one else f'{len(audit.hosts)} hosts'}"
    trend = audit.trend
    was = f" (was {trend.score})" if trend and trend.score is not None else ""
    score = "No score" if audit.score is None else f"Score {audit.score} of 100{was}"
    yield wrapped(*_own(f"{score}. {_digest.sums(audit)}. Made {_digest.when(audit.made_at)}."))
    if trend:
        yield wrapped(
            *_own(
                f"Since {_digest.when(trend.before)}: {len(trend.new)} new, {len(trend.fixed)}"
                f" mended, {len(trend.still)} as before."
            )
        )


def _hosts(audit: Audit) -> Iterator[str]:
    if len(audit.hosts) == 1:
        yield from _host(audit.hosts[0])
        return
    shown, left = _digest.some(_digest.worst_first(audit.hosts), MOST_HOSTS)
    head = ["host", "score", "state", "version", *SEVERITIES[:4], "cannot tell"]
    rows = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    rows += [f"| {' | '.join(_row(host))} |" for host in shown]
    yield "## Hosts"
    yield "\n".join(rows)
    if left:
        yield f"And {left} better ones."
    problems = [host for host in audit.hosts if host.problem][:MOST_HOSTS]
    if problems:
        yield "\n".join(item(code(host.name) + ":", code(host.problem)) for host in problems)


def _host(host: HostResult) -> Iterator[str]:
    if host.problem:
        yield wrapped("Nothing", "could", "be", "judged:", code(host.problem))
        return
    apps, left = _digest.some(host.apps, MOST_NAMES)
    yield wrapped(
        *("Ant", "Media", "Server", code(host.version), f"{host.edition},", f"{host.state}."),
        *(["Applications:", *_listed(apps, left)] if apps else []),
    )
    if host.notes:
        yield "What could not be seen:"
        yield "\n".join(item(code(note)) for note in host.notes)


def _row(host: HostResult) -> list[str]:
    counts = [str(host.count(FAIL, severity) or "") for severity in SEVERITIES[:4]]
    score = "" if host.score is None else str(host.score)
    version = cell(host.version) if host.version else ""
    unknown = "" if host.problem else str(host.count("cannot tell") or "")
    return [cell(host.name), score, host.state, version, *counts, unknown]


def _failing(audit: Audit) -> Iterator[str]:
    found = _digest.failing(audit)
    if not found:
        return
    many = len(audit.hosts) > 1
    yield "## What fails"
    for row in found:
        control = row.control
        yield f"### {control.title}"
        about = [f"**{control.severity}**,", f"control `{control.id}`"]
        about += [f"on {len(row.hosts)} of {len(audit.hosts)} hosts"] if many else []
        about[-1] += "."
        yield wrapped(*_own(" ".join(about)), *_own(control.page.why))
        yield from _texts(row.faults, many, row.left_out)
        yield wrapped(*_own(f"**What to do:** {control.page.remedy}"))
        if row.steps:
            yield "\n".join(item(code(step)) for step in row.steps[:MOST_TEXTS])
        shown, left = _digest.some(row.policies, MOST_POLICIES)
        for policy in shown:
            if many:
                yield wrapped("For", *_listed(*_digest.some(policy.hosts, MOST_NAMES), end=":"))
            yield fenced(policy.text)
        if left:
            yield f"And {left} more policies, for other hosts."


def _texts(rows: Iterable[_digest.Seen], many: bool, left_out: int = 0) -> Iterator[str]:
    rows = list(rows)
    items = [
        item(
            code(row.text),
            *(["on", *_listed(*_digest.some(row.hosts, MOST_NAMES))] if many else []),
        )
        for row in rows[:MOST_TEXTS]
    ]
    left = max(0, len(rows) - MOST_TEXTS) + left_out
    items += [f"- and {left} more"] if left else []
    if items:
        yield "\n".join(items)


def _untold(audit: Audit) -> Iterator[str]:
    found = _digest.untold(audit)
    if found:
        yield "## What cannot be told"
    for row in found:
        yield wrapped(f"`{row.control.id}`,", f"{row.control.severity}:", *_own(row.control.title))
        yield from _texts(row.reasons, len(audit.hosts) > 1)


def _waived(audit: Audit) -> Iterator[str]:
    found = _digest.waived(audit)
    if found:
        yield "## What is waived"
    for row in found:
        yield wrapped(f"`{row.control.id}`,", f"{row.control.severity},", *_waiver(row.waiver))
        yield from _texts(row.faults, len(audit.hosts) > 1)
    for heading, waivers in (
        ("## Waivers that are over", audit.expired),
        ("## Waivers that waive nothing", audit.unused),
    ):
        if waivers:
            yield heading
            yield "\n".join(item(code(each.control) + ",", *_waiver(each)) for each in waivers)


def _waiver(waiver: Waiver) -> list[str]:
    until = f"{waiver.expires.isoformat()}:"
    return ["by", code(waiver.owner), "until", until, code(waiver.reason)]


def _passing(audit: Audit) -> Iterator[str]:
    found = [
        control.id
        for number, control in enumerate(audit.controls)
        if any(host.findings[number].status == PASS for host in audit.hosts)
        and all(host.findings[number].status != FAIL for host in audit.hosts)
    ]
    if found:
        yield "## What passes"
        yield wrapped(*_listed(found, 0, end="."))


# -- Markdown -----------------------------------------------------------------------------------


def code(text: str) -> str:
    """A text as code, in which nothing means anything."""
    line = _visible.line(text) or "-"
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def cell(text: str) -> str:
    """A text as code in a table."""
    return code(text).replace("|", "\\|")


def fenced(text: str) -> str:
    """Lines of YAML."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}yaml\n{text.rstrip()}\n{fence}"


def item(*words: str) -> str:
    """An entry of a list."""
    return wrapped(*words, first="- ", other="  ")


def wrapped(*words: str, first: str = "", other: str = "") -> str:
    """Words in lines; none of them is broken."""
    lines, line = [], first
    for word in words:
        if len(line) + 1 + len(word) > WIDTH and line.strip(" -"):
            lines.append(line)
            line = other
        line += (" " if line.strip(" -") else "") + word
    return "\n".join([*lines, line])


def _own(text: str) -> list[str]:
    """The words of a text of ours, which may have code in it."""
    return _WORD.findall(text)


def _listed(names: Iterable[str], left: int, end: str = "") -> list[str]:
    words = [code(name) for name in names]
    if left:
        words.append(f"and {left} more")
    return [f"{word}," for word in words[:-1]] + [words[-1] + end] if words else []
