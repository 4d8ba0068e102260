# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The hours in which a server may be restarted.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
import time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WINDOW = re.compile(
    r"(?:(?P<days>[a-z]{3}(?:\s*,\s*[a-z]{3})*)\s+)?(?P<begin>\d\d:\d\d)\s*-\s*(?P<end>\d\d:\d\d)"
)


class Window:
    """A daily window, such as ``02:00-04:30`` or ``sat,sun 23:00-05:00``.

    The days are those on which it begins; one that ends before it begins runs past midnight.

    :raises ValueError: when the text is none.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        match = _WINDOW.fullmatch(self.text.lower())
        if not match:
            raise ValueError(
                f"{text!r} is not a window; write for example '02:00-04:30' or 'sat,sun"
                " 23:00-05:00'"
            )
        names = re.split(r"\s*,\s*", match.group("days")) if match.group("days") else DAYS
        unknown = sorted(set(names) - set(DAYS))
        if unknown:
            raise ValueError(f"{text!r}: {unknown[0]} is not a day of the week")
        self.days = frozenset(DAYS.index(name) for name in names)
        self.begin = _minutes(match.group("begin"), text)
        self.end = _minutes(match.group("end"), text)

    def holds(self, moment: time.struct_time) -> bool:
        """Whether a moment lies in the window.

        :arg moment: in the host's own time zone.
        """
        now = moment.tm_hour * 60 + moment.tm_min
        if self.begin <= self.end:
            return moment.tm_wday in self.days and self.begin <= now < self.end
        yesterday = (moment.tm_wday - 1) % 7
        return (moment.tm_wday in self.days and now >= self.begin) or (
            yesterday in self.days and now < self.end
        )


def _minutes(text: str, window: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    if hours > 24 or minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(f"{window!r}: {text} is not a time of day")
    return hours * 60 + minutes
