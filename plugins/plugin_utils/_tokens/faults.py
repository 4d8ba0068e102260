# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that is wrong, in one error.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable


class Faults(ValueError):
    """What stops a task. ``faults`` holds every reason, one text each, none with a secret."""

    def __init__(self, faults: Iterable[str]):
        self.faults = list(faults)
        super().__init__("; ".join(self.faults))


def of(error: ValueError) -> list[str]:
    """The reasons that an error gives, whoever raised it."""
    return getattr(error, "faults", None) or [str(error)]
