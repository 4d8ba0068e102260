# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `code-writable`: every account of the host may exchange the server's programs.

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
)

KINDS = ("code", "folder")
STEP = "chmod o-w it, and compare the programs with those of the release."


def judge(evidence: Evidence) -> Finding:
    """Whether others may write what the server runs, or into a folder of it."""
    rows = _modes.of_kinds(evidence, *KINDS)
    if not rows:
        return _control.not_applicable("there is none")
    faults = [Fault(line, step=STEP) for line in _modes.open_to_others(rows, _modes.WRITE)]
    return _control.found(faults, "no other account may write there")


CONTROL = Control(
    id="code-writable",
    title="Every account of the host may exchange the server's programs",
    severity="high",
    topic="host",
    judge=judge,
    page=Page(
        what=(
            "Modes of the server's programs, scripts and folders, and of the folders on the way."
        ),
        why=(
            "Whoever may write there has the server run code of his own at the next start, and"
            " reads every secret by it."
        ),
        attack="A file in `plugins`, or another `ant-media-server.jar`.",
        remedy="Close it. If it was open for long, install the release again.",
        references=("docs/security.md",),
    ),
)
