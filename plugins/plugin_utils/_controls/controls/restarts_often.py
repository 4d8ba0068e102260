# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `restarts-often`: the server is started again and again.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._automation import (
    starts as _starts,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    shown,
)

STEP = (
    "Find what restarts it, see the lines above, and have it ask for liveness (docs/automation.md)."
)


def judge(evidence: Evidence) -> Finding:
    """Whether it was started more often in a day than any operator does."""
    starts = evidence.installation.part("starts")
    if not starts.known("last_day"):
        raise CannotTell("neither its log nor the journal tells when it was started")
    count = int(starts.number("last_day"))
    by = [row.text("by") for row in starts.rows("starts")]
    reasons = ", ".join(dict.fromkeys(shown(why, 100) for why in by if why))
    often = "at least " if starts.flag("at_least") else ""
    line = f"it was started {often}{count} times in 24 hours{f': {reasons}' if reasons else ''}"
    if count >= _starts.MANY:
        return _control.found([Fault(line, step=STEP)])
    if starts.flag("at_least"):
        return _control.cannot_tell(f"{line}; its log does not reach back further")
    return _control.passed(line)


CONTROL = Control(
    id="restarts-often",
    title="The server is started again and again",
    severity="medium",
    topic="operation",
    judge=judge,
    page=Page(
        what=(
            "How often the server was started in the last 24 hours, by its own log or the journal,"
            " and who ordered that."
        ),
        why=(
            "Mostly a health check restarts it on an answer that is none of a fault, such as 403."
            " Each start cuts everybody off, and each can come up open."
        ),
        attack=(
            "Whoever can make the check fail, by a flood of requests, restarts the server at will."
        ),
        remedy="Have the check ask for liveness, and never restart on a refusal.",
        references=(
            "docs/automation.md",
            "docs/boot-guard.md",
        ),
    ),
)
