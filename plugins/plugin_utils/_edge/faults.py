# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that is wrong, in one error.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable


class Faults(ValueError):
    """What stops a task. ``faults`` holds every reason, one text each, none with a secret.

    :kwarg about: what they all are about, which the text begins with.
    """

    def __init__(self, faults: Iterable[str], about: str = "") -> None:
        self.faults, self.about = list(faults), about
        text = "; ".join(self.faults)
        super().__init__(f"{about}: {text}" if about else text)


def of(error: ValueError) -> list[str]:
    """The reasons that an error gives, whoever raised it."""
    if not isinstance(error, Faults):
        return [str(error)]
    return [f"{error.about}: {fault}" if error.about else fault for fault in error.faults]
