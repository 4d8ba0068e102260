# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `value-stops`: a value keeps the server or an application from starting.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remarks as _remarks,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Finding,
    Page,
)

STEP = "Write a value that is one, by the policy."


def judge(evidence: Evidence) -> Finding:
    """Whether a settings file has one."""
    return _remarks.finding(evidence, _remarks.stops, STEP)


CONTROL = Control(
    id="value-stops",
    title="A value keeps the server or an application from starting",
    severity="medium",
    topic="settings",
    judge=judge,
    page=Page(
        what=(
            "Values of both settings files that the server cannot read: a blank switch, a number"
            " with letters, JSON that is none, and keys that have to be there and are not."
        ),
        why=(
            "What runs now keeps running. At the next start, perhaps at night after an update, the"
            " application answers nothing but errors, or the server ends at once, with exit code 0,"
            " so that systemd does not restart it."
        ),
        attack="Who may save settings stops the server for good with one of them.",
        remedy="Write a value that is one.",
        references=("docs/values.md",),
    ),
)
