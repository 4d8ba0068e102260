# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `play-unguarded`: everybody may play.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    guards as _guards,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)

NO_WAY = (
    "This edition asks players for nothing: put a front before it that does, or say with a waiver"
    " that the streams are for everybody."
)


def judge(evidence: Evidence) -> Finding:
    """Whether players are asked for a token that this edition enforces."""
    return _control.in_apps(
        evidence,
        _faults,
        says="every application asks players for a token",
    )


def _faults(app: Place) -> list[Fault]:
    if _guards.tokens(app, "play"):
        return []
    text = f"{app.title}: everybody may play every stream and recording"
    if not app.evidence.enterprise:
        return [Fault(text, app.name, step=NO_WAY)]
    return [Fault(text, app.name, *_remedy.guarded(app, "play"))]


CONTROL = Control(
    id="play-unguarded",
    title="Everybody may play",
    severity="medium",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what="Whether an application asks players for a token of any kind, and enforces that.",
        why=(
            "Without one, an address is all it takes to watch, to link the stream from other sites,"
            " and to keep recordings. For streams that are for everybody that is right: say so with"
            " a waiver."
        ),
        attack=(
            "Addresses stand in the pages of your players. Names of streams and of recordings can"
            " be guessed: `STREAM.m3u8`, `STREAM.mp4`, `STREAM_1.mp4`."
        ),
        remedy=(
            "Enterprise: ask for a token (`play: jwt`). The Community edition takes the settings"
            " and asks nobody; there a front before the server has to."
        ),
        references=("docs/doors.md", "docs/tokens.md"),
    ),
)
