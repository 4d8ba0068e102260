# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How often the server was started in the last day, and by whom as far as that can be told.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._automation import (
    journal as _journal,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    log as _log,
    process as _process,
    service as _service,
)

DAY = 24 * 3600
# As many starts a day are no operator's.
MANY = 6
MOST_SHOWN = 20
# How long after systemd has started it the server says its first word, on a busy machine.
FIRST_WORD_SECONDS = 120

PAGE = "docs/automation.md"


@dataclass(frozen=True)
class Starts:
    """The starts of the last day.

    moments: when, in Unix seconds, with what is known of the reason, oldest first. whole: whether
    that are all of them. source: who told of them, empty if nobody did.
    """

    moments: tuple[tuple[float, str], ...] = ()
    whole: bool = False
    source: str = ""
    running: Mapping[str, Any] | None = field(default=None)

    def shown(self) -> dict[str, Any]:
        """As facts show it."""
        return {
            "last_day": len(self.moments) if self.source else None,
            "at_least": not self.whole,
            "source": self.source,
            "starts": [{"at": round(at), "by": why} for at, why in self.moments[-MOST_SHOWN:]],
        }

    def warning(self) -> str:
        """What looks as if something restarts the server again and again; empty if nothing does."""
        if len(self.moments) < MANY:
            return ""
        reasons = Counter(why for _at, why in self.moments if why).most_common(1)
        by = "".join(f"; {count} of them: {why}" for why, count in reasons)
        often = "" if self.whole else "at least "
        return (
            f"the server was started {often}{len(self.moments)} times in the last day"
            f"{_rhythm([at for at, _why in self.moments])}{by}. That looks like"
            " something that restarts it: each time everybody is cut off, and what asks an"
            " application while it loads can leave its security off. A health check asks for"
            f" liveness, never an application: {PAGE}"
        )


def _rhythm(moments: Sequence[float]) -> str:
    """In words, whether moments have the same distance from one another."""
    gaps = sorted(late - early for early, late in zip(moments, moments[1:]))
    middle = gaps[len(gaps) // 2] if gaps else 0
    alike = sum(abs(gap - middle) <= middle / 10 for gap in gaps)
    if middle < 60 or alike < 0.8 * len(gaps):
        return ""
    return f", about every {round(middle / 60)} minutes"


def look(home: str, process: _process.Process | None, now: float | None = None) -> Starts:
    """Find them: by the server's own log, and by systemd's journal if it was started twice."""
    since = (time.time() if now is None else now) - DAY
    moments, whole = _log.starts(home, since)
    source = "log" if moments or whole else ""
    ours = bool(process and _process.of_unit(process.pid))
    if len(moments) < 2 and (source or not ours):
        return Starts(tuple((at, "") for at in moments), whole, source)
    if not _service.systemd_runs():
        return Starts(tuple((at, "") for at in moments), whole, source)
    told = _journal.of_unit(since)
    if not source and not told:
        return Starts()
    if not source:
        moments, source, whole = [start.at for start in told], "journal", False
    orders = _journal.orders(since) if any(start.ordered for start in told) else []
    return Starts(tuple(_explained(moments, told, orders)), whole, source)


def _explained(moments, told, orders):
    """Moments with their reasons: that of the last start of the unit before each of them."""
    waiting = list(told)
    for moment in moments:
        start = None
        while waiting and waiting[0].at <= moment + 1:
            start = waiting.pop(0)
        if start is None or moment - start.at > FIRST_WORD_SECONDS:
            yield moment, "somebody beside systemd" if told else ""
            continue
        by = _journal.before(start.at, orders) if start.ordered else []
        yield moment, ": ".join([start.why, ", ".join(by[:3])]) if by else start.why
