# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a call could not do its work, and what it then says about the host.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    audience as _audience,
)


class Refused(ValueError):
    """A call cannot be carried out as it was meant; ``faults`` are all that is wrong with it."""

    def __init__(self, what: str, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        lines = "\n".join(f"- {fault}" for fault in self.faults)
        super().__init__(f"{what}, nothing was changed:\n{lines}")


class ApplyError(RuntimeError):
    """The plan was not carried out.

    The text says what the state of the host is; ``lines`` are the server's own last error lines.
    """

    def __init__(self, text: str, lines: Iterable[str] = ()) -> None:
        super().__init__(text)
        self.lines = list(lines)


class Busy(RuntimeError):
    """A restart would throw somebody off air."""

    def __init__(self, audiences: Sequence[_audience.Audience]) -> None:
        super().__init__(_audience.sentence(audiences))
        self.audiences = audiences
