# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Refusals in words for the log: so many of a kind in a while, then their number. Never a token.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from typing import Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import decide as _decide

PERIOD_SECONDS = 10
MOST_LINES = 10
MOST_KINDS = 200
_LONGEST_NAME = 100
# Somebody has put a token where the name of a stream belongs.
_TOKEN = re.compile(r"[^.]{16,}\.[^.]{2,}\..*|.*eyJ.*", re.DOTALL)


class Refusals:
    """What is said of refusals. One reason does not drown another."""

    def __init__(self) -> None:
        # When a kind was first seen, and how often since; the oldest first.
        self._kinds: dict[tuple[str, str], tuple[float, int]] = {}

    def line(self, ask: _decide.Ask, reason: str, known: bool, now: float) -> str | None:
        """What to say of a refusal; None when nothing more is to be said for now.

        :arg known: whether the policy has the application, so that somebody else has named it.
        """
        app = ask.app if known else ""
        kind = (app, reason)
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            kind = ("", "other reasons")
        since, count = self._kinds.get(kind, (now, 0))
        self._kinds[kind] = since, count + 1
        if count >= MOST_LINES:
            return None
        place = f"{_name(ask.app)}/{_name(ask.stream)}" if ask.stream else _name(ask.app)
        where = f" from {_json.words(ask.address, 60)}" if ask.address else ""
        return f"refused: {ask.direction} {place} by {ask.via}{where}: {reason}"

    def ended(self, now: float) -> Iterator[str]:
        """What there is to say of periods that are over."""
        for kind, (since, count) in list(self._kinds.items()):
            if now - since < PERIOD_SECONDS:
                return
            del self._kinds[kind]
            if count > MOST_LINES:
                app, reason = kind
                of = f" of {app}" if app else ""
                yield f"refused: {count - MOST_LINES} more{of}: {reason}"


def _name(text):
    return "(a token)" if _TOKEN.fullmatch(text) else _json.words(text, _LONGEST_NAME)
