# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `value-stops`: a value keeps the server or an application from starting.

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
    Place,
)

STEP = "Write a value that is one, by the policy."
EXPANDED = ("has ${", "has #{")
STOPS, MISSING = "does not start", "without "


def judge(evidence: Evidence) -> Finding:
    """Whether a settings file has one."""
    return _control.by_place(
        evidence.places(),
        _faults,
        unknown=evidence.unread_apps,
        says="no file has such a value",
    )


def _faults(place: Place) -> list[Fault]:
    return [
        Fault(f"{place.title}: {remark.key or remark.setting} {remark.what}", place.name, step=STEP)
        for remark in place.remarks
        if _counts(remark)
    ]


def _counts(remark):
    return remark.what.startswith(MISSING) or (
        STOPS in remark.what and not remark.what.startswith(EXPANDED)
    )


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
