# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `restart-scheduled`: the server is restarted by a schedule.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    shown,
)

STEP = "Order restarts through the collection, which lets nobody in before all has been checked."


def judge(evidence: Evidence) -> Finding:
    """Whether something on the host starts or stops it."""
    faults = []
    for row in evidence.installation.rows("schedules"):
        if row.flag("restarts"):
            runs = shown(row.text("runs"))
            line = f"{shown(row.text('where'))} starts or stops it{f', by {runs}' if runs else ''}"
            faults.append(Fault(line, step=STEP))
    return _control.found(faults, "nothing restarts it by a schedule")


CONTROL = Control(
    id="restart-scheduled",
    title="The server is restarted by a schedule",
    severity="low",
    topic="operation",
    judge=judge,
    page=Page(
        what=(
            "Tables of cron, units of systemd, monit and logrotate, and the scripts that they run,"
            " for what starts or stops the server."
        ),
        why=(
            "Each restart cuts everybody off, and what comes back at once asks applications while"
            " they load, which can leave one open."
        ),
        attack="The time is known to whoever has watched for a week.",
        remedy="Do without, or order it through the collection, or have the boot guard.",
        references=(
            "docs/automation.md",
            "docs/boot-guard.md",
        ),
    ),
)
