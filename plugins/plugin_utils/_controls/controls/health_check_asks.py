# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `health-check-asks`: a check asks an application while it may load.

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

STEP = "Have it ask http://127.0.0.1:5080/rest/v2/liveness (docs/automation.md)."


def judge(evidence: Evidence) -> Finding:
    """Whether something on the host asks applications by a schedule."""
    apps = [[app.raw_name] for app in evidence.apps]
    faults = []
    for row in evidence.installation.rows("schedules"):
        asked = [path for path in row.texts("asks") if path.split("/")[1:2] in apps]
        if asked:
            line = f"{shown(row.text('where'))} asks {', '.join(map(shown, asked[:3]))}"
            faults.append(Fault(line, step=STEP))
    return _control.found(
        faults, "nothing asks an application by a schedule", unknown=evidence.unread_apps
    )


CONTROL = Control(
    id="health-check-asks",
    title="A check of the host asks an application again and again",
    severity="medium",
    topic="operation",
    judge=judge,
    page=Page(
        what=(
            "Tables of cron, units of systemd, monit and logrotate, and the scripts that they run,"
            " for addresses of applications."
        ),
        why=(
            "An application that is asked while it loads can come up with its security off. A"
            " check that asks every minute asks in every start."
        ),
        attack="Nobody has to do anything: the check itself opens the application.",
        remedy="Ask for liveness.",
        references=(
            "docs/automation.md",
            "docs/boot-guard.md",
        ),
    ),
)
