# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `value-expanded`: a value is a program, or comes from elsewhere.

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

STEP = "Write the value itself, by the policy."


def judge(evidence: Evidence) -> Finding:
    """Whether a settings file has one."""
    return _remarks.finding(evidence, _remarks.expands, STEP)


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
