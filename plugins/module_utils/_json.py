# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSON and text that others have written, as far as they do no harm.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import math
from typing import Any

# Far beyond what a server says; Python's own limits are of its stack, and differ by version.
DEEPEST = 64
LONGEST_NUMBER = 40
MOST_WORDS = 300


def parse(text: str) -> Any:
    """A JSON text as an object.

    :raises ValueError: when it is none, nested too deeply, or has a number that is none.
    """
    try:
        value = json.loads(text, parse_int=whole, parse_float=_broken, parse_constant=_none)
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    level = [value]
    for _depth in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return value
    raise ValueError("is nested too deeply")


def whole(text: str) -> int:
    """A whole number of a text.

    :raises ValueError: when it is none, or is longer than any that counts anything.
    """
    if len(text) > LONGEST_NUMBER:  # takes time by the square of its length
        raise ValueError(f"has a number of {len(text)} digits")
    return int(text)


def _broken(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("has a number that is too large")
    return number


def _none(text: str) -> float:
    raise ValueError(f"{text} is not a number")


def words(value: object, most: int = MOST_WORDS) -> str:
    """What somebody else wrote, as a short line in which every character shows as what it is."""
    text = str(value)
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text[:most])
    return shown + "..." if len(text) > most else shown
