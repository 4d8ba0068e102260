# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `copies-readable`: every account of the host may read a copy of files with secrets.

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

STEP = "Delete it, or chmod it to 0600, and rotate the secrets that were in it."


def judge(evidence: Evidence) -> Finding:
    """Whether other accounts may read what somebody left."""
    rows = evidence.found.rows("copies")
    faults = [Fault(line, step=STEP) for line in _modes.open_to_others(rows, _modes.READ)]
    return _control.found(faults, "no other account may read a copy")


CONTROL = Control(
    id="copies-readable",
    title="Every account of the host may read a copy of the server's files",
    severity="high",
    topic="secrets",
    judge=judge,
    page=Page(
        what=(
            "Copies of the server's files beside them, and in `/tmp`, `/var/tmp`, `/var/backups`,"
            " `/root`, `/opt`, `/usr/local` and beside the server's folder: backups, archives, what"
            " editors and upgrades leave."
        ),
        why=(
            "The vendor's installer copies everything to `/usr/local/antmedia-backup-DATE` before"
            " an upgrade, and leaves it there. Scripts make archives in `/tmp`. The secrets in them"
            " mostly still hold."
        ),
        attack="`tar tf /tmp/antmedia-backup.tgz` by any account of the machine.",
        remedy="Delete what nobody needs, close the rest, and rotate.",
        references=(
            "docs/automation.md",
            "docs/rotation.md",
        ),
    ),
)
