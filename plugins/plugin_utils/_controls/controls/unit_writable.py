# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `unit-writable`: others may write the server's unit.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    modes as _modes,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    shown,
)

GROUP_OR_OTHERS = 0o022
STEP = "chown root: and chmod 0644 the file, and look at what it says."


def judge(evidence: Evidence) -> Finding:
    """Whether files of the unit are root's alone."""
    if not evidence.found.known("unit"):
        return _control.not_applicable("systemd does not start it")
    faults = []
    for row in evidence.found.part("unit").rows("files"):
        path, owner = shown(row.text("path")), row.text("owner")
        if owner != "root":
            faults.append(Fault(f"{path} is {shown(owner, 50)}'s", step=STEP))
        elif _modes.mode(row) & GROUP_OR_OTHERS:
            line = f"{path} has mode {shown(row.text('mode'), 10)}"
            faults.append(Fault(line, step=STEP))
    return _control.found(faults, "the unit is root's alone")


CONTROL = Control(
    id="unit-writable",
    title="Others than root may write the unit of the server",
    severity="high",
    topic="host",
    judge=judge,
    page=Page(
        what="Owner and mode of the server's unit and of its drop-ins.",
        why="Systemd runs what stands there, as whom it says there, root included.",
        attack="A line `ExecStartPre=+/tmp/x`, and root runs it at the next start.",
        remedy="Give the files to root. If they were open for long, read them first.",
        references=("docs/overruled.md",),
    ),
)
