# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `value-expanded`: a value is a program, or comes from elsewhere.

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

STEP = "Write the value itself, by the policy."
EXPANDED = ("has ${", "has #{")


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
    return remark.what.startswith(EXPANDED)


CONTROL = Control(
    id="value-expanded",
    title="A value runs as a program, or takes its text from elsewhere",
    severity="high",
    topic="settings",
    judge=judge,
    page=Page(
        what="Values of both settings files that have `#{` or `${...}`.",
        why=(
            "`#{...}` is run as a program at every start, with the rights of the server. `${...}`"
            " is exchanged for what the environment says, so whoever sets a variable sets the"
            " value; if nobody does, the application does not start."
        ),
        attack=(
            "Who may save settings, be it for one application, writes"
            " `#{T(java.lang.Runtime).getRuntime().exec(...)}` into a harmless one, and waits for"
            " the next restart."
        ),
        remedy="Find out who wrote it. Then write the value itself.",
        references=(
            "docs/values.md",
            "docs/overruled.md",
        ),
    ),
)
