# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `preview-open`: preview pictures are shown to everybody.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    guards as _guards,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)


def judge(evidence: Evidence) -> Finding:
    """Whether pictures are made of streams that players need a token for."""
    return _control.in_apps(
        evidence,
        _faults,
        says="no pictures are made of guarded streams",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not _guards.tokens(app, "play"):
        return None
    return _guards.beside(app, _guards.open_door(app, "play", "preview"))


CONTROL = Control(
    id="preview-open",
    title="Preview pictures of guarded streams are shown to everybody",
    severity="low",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what=("Whether preview pictures are made in applications that ask players for a token."),
        why=(
            "`/previews` stands behind no filter, in every version. A picture every few seconds of"
            " what is on air goes to whoever asks."
        ),
        attack="`GET /LiveApp/previews/STREAM.png`, again and again.",
        remedy="Make none, or have a front not pass `/previews/`.",
        references=("docs/doors.md",),
    ),
)
