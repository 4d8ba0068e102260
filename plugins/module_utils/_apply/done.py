# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run has done to its host so far, and what it has found there.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    audience as _audience,
    management as _management,
)


@dataclass
class Done:
    """What was done, as it goes on.

    altered: whether the host is other than it was. claimed: whether its first admin account was
    made; claim_fault: why not. unclaimed: whether nobody is its first admin. audience: who was on
    air before a restart. healed: applications brought back to their files, one or several times.
    starts: how often the server was started; ready_seconds: how long the restart took.
    switched_at: when the changes were in force, in Unix seconds.
    """

    unclaimed: bool = False
    warnings: list[str] = field(default_factory=list)
    altered: bool = False
    claimed: bool = False
    claim_fault: str | None = None
    audience: list[_audience.Audience] = field(default_factory=list)
    healed: list[str] = field(default_factory=list)
    starts: int = 0
    ready_seconds: float | None = None
    switched_at: float | None = None

    def claim(self, management: _management.Management, admin: Mapping[str, str] | None) -> None:
        """Make the first admin account before somebody else does, if there is one to make.

        :arg admin: a mapping with ``email`` and ``password``, or None.
        """
        if not self.unclaimed or not admin:
            return
        try:
            management.claim()
            self.claimed, self.claim_fault = True, None
        except _management.RestError as error:
            self.claim_fault = str(error)
        self.unclaimed = bool(management.unclaimed())
