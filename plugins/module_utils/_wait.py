# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Waiting until something is as it is to be, or a deadline has passed.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from typing import Callable, TypeVar

Seen = TypeVar("Seen")


def until(
    look: Callable[[], Seen],
    deadline: float,
    pause: float,
    good: Callable[[Seen], object] = bool,
) -> Seen:
    """Look again and again; returns what was seen last, which is good unless time is up.

    There is one look at least, however late it is.

    :arg deadline: a time of ``time.monotonic()``.
    :arg pause: seconds between two looks.
    :kwarg good: whether what is seen is what is waited for.
    """
    while True:
        seen = look()
        if good(seen) or time.monotonic() > deadline:
            return seen
        time.sleep(pause)
