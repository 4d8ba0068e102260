# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `database-readable`: every account of the host may read a database of the server.

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

KIND = "database"
STEP = "chmod o-rwx the file, or the server's folder."


def judge(evidence: Evidence) -> Finding:
    """Whether other accounts of the host may read one."""
    return _modes.readable(evidence, KIND, STEP)


CONTROL = Control(
    id="database-readable",
    title="Every account of the host may read a database of the server",
    severity="high",
    topic="secrets",
    judge=judge,
    page=Page(
        what=("Modes of the files `*.db` in the server's folder, and of the folders on the way."),
        why=(
            "`server.db` has the accounts of the panel with unsalted MD5 of their passwords; the"
            " others have streams, tokens and subscribers with their secrets."
        ),
        attack="The MD5 is as good as the password: the log-in takes it as it is.",
        remedy="Close the files or the folder, and change the passwords of the panel.",
        references=("docs/automation.md",),
    ),
)
