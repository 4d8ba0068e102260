# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How changes come into force, given what was seen and what is planned.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import ApplyError
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.seen import Seen
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan

LIVE = "live"
RESTART = "restart"
DEFER = "defer"
NONE = "none"
AUTO = "auto"

DIFFERS = "what the running server holds differs"


@dataclass(frozen=True)
class Way:
    """How changes come into force, and what makes a restart necessary or waits for one."""

    name: str
    reasons: tuple[str, ...] = ()


def choose(seen: Seen, plan: _plan.Plan, mode: str = AUTO) -> Way:
    """The way to bring everything into force.

    :kwarg mode: the way that is wished for, or ``auto``.
    :raises ApplyError: when there is none.
    """
    reasons = sorted({change.key for change in plan.changes if change.apply == RESTART})
    reasons += [reason for reason in seen.stale if reason not in reasons]
    pending = [DIFFERS] if seen.drift else []
    # Where nobody can post to it, the server need not know what a gate enforces in its place.
    idle = _words.LEFT_TO_GATE if plan.gate and not seen.known else frozenset()
    live = [change for change in plan.changes if change.apply == LIVE and change.name not in idle]
    pending += sorted({change.key for change in live})
    if not reasons and not pending:
        return Way(NONE)
    if seen.installation.clustered and pending and (reasons or not seen.known):
        how = (
            "in a run of their own, without a change that needs a restart"
            if seen.known
            else "but " + seen.no_access()
        )
        raise ApplyError(
            "this server is a node of a cluster, whose database overrules the applications' files"
            f" at every start: their settings have to be posted to the running server, {how};"
            " nothing was changed"
        )
    if mode == DEFER:
        return Way(DEFER, tuple(reasons + pending))
    if mode == LIVE and reasons:
        raise ApplyError(
            f"antmedia_apply: live: a restart would be needed for {', '.join(reasons)}; nothing"
            " was changed"
        )
    if mode == LIVE and not seen.known:
        raise ApplyError(
            "antmedia_apply: live: the running server cannot be asked: "
            f"{seen.no_access()}; nothing was changed"
        )
    if not reasons and seen.known and mode in (AUTO, LIVE):
        return Way(LIVE)
    return Way(RESTART, tuple(reasons or pending))
