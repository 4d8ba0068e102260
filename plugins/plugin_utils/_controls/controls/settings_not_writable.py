# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `settings-not-writable`: the server cannot write its settings.

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

STEP = "chown the file to the server's account, and chmod 0640 it."


def judge(evidence: Evidence) -> Finding:
    """Whether the server's account may write the files of applications."""
    return _control.in_apps(
        evidence,
        _faults,
        says="the server can write the files of all applications",
    )


def _faults(app: Place) -> list[Fault]:
    if app.told.flag("writable_by_server"):
        return []
    return [Fault(f"{app.title}: {app.path} is not the server's to write", app.name, step=STEP)]


CONTROL = Control(
    id="settings-not-writable",
    title="The server cannot write its own settings",
    severity="low",
    topic="operation",
    judge=judge,
    page=Page(
        what="Owner and mode of each `red5-web.properties`.",
        why=(
            "What is saved in the panel then holds in memory and is gone after the next start,"
            " without a word; what a rotation changes as well."
        ),
        attack="None by itself: settings that were closed in the panel are open again.",
        remedy=(
            "Give the file to the server's account. If only the collection is to change settings,"
            " that may be meant: waive it."
        ),
        references=(
            "docs/security.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/3417",
        ),
    ),
)
