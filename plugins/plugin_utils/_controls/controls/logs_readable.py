# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `logs-readable`: every account of the host may read the server's logs.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    modes as _modes,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Finding,
    Page,
)

KIND = "log"
STEP = "chmod o-rx the folder of the logs."


def judge(evidence: Evidence) -> Finding:
    """Whether other accounts of the host may read one."""
    return _modes.readable(evidence, KIND, STEP)


CONTROL = Control(
    id="logs-readable",
    title="Every account of the host may read the server's logs",
    severity="low",
    topic="secrets",
    judge=judge,
    page=Page(
        what=("Modes of the files in the server's `log` folder, and of the folders on the way."),
        why=(
            "The access log has whole addresses, with the token of each player behind the question"
            " mark; the server's log has tokens that it refused."
        ),
        attack="A token out of the log plays, or publishes, until it ends.",
        remedy="Close the folder. Who watches logs gets a group for it.",
        references=("docs/automation.md",),
    ),
)
