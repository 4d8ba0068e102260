# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `change-unfinished`: a change was begun and not finished.

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
)

STEP = "Run streamward.antmedia.secure once more: it finishes what was begun."


def judge(evidence: Evidence) -> Finding:
    """Whether a run of the collection was interrupted."""
    unfinished = evidence.installation.part("memory").flag("unfinished")
    line = "a run of the collection ended before its changes were in force"
    return _control.found([Fault(line, step=STEP)] if unfinished else [], "nothing was begun")


CONTROL = Control(
    id="change-unfinished",
    title="A change of settings was interrupted, and is in force by half",
    severity="medium",
    topic="operation",
    judge=judge,
    page=Page(
        what="Whether a run of the collection was interrupted after it had written files.",
        why="Files and memory differ until the next start, and nobody has proved either.",
        attack="None by itself.",
        remedy="Run `secure` once more.",
        references=("docs/scale.md",),
    ),
)
