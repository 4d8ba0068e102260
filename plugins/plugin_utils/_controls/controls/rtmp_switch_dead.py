# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `rtmp-switch-dead`: RTMP play is off, and plays.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    open_doors as _open_doors,
)
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

SETTING = "rtmpPlaybackEnabled"
STEP = "Upgrade the server, or keep players from its RTMP port."


def judge(evidence: Evidence) -> Finding:
    """Whether a version takes the switch and does not act upon it, and nothing else is asked."""
    return _control.in_apps(
        evidence,
        _faults,
        says="this version does what the switch of RTMP play says",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not app.has(SETTING):
        return None
    if app.on(SETTING) or _guards.tokens(app, "play"):
        return []
    why = _open_doors.is_dead(SETTING, "false", app.evidence.version)
    return [Fault(f"{app.title}: {SETTING}: false {why}", app.name, step=STEP)] if why else []


CONTROL = Control(
    id="rtmp-switch-dead",
    title="RTMP play is switched off, and plays all the same",
    severity="low",
    topic="streams",
    judge=judge,
    page=Page(
        what=(
            "`rtmpPlaybackEnabled: false` on the versions 2.16.0 to 2.17.1, which play over RTMP"
            " in spite of it."
        ),
        why=(
            "It is off as shipped, so people count on it. Where players need a token, RTMP asks"
            " for it in these versions; where they need none, everybody plays."
        ),
        attack="`ffplay rtmp://HOST/LiveApp/STREAM`.",
        remedy="Upgrade, or close port 1935 to all but publishers.",
        references=(
            "docs/doors.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/7698",
        ),
    ),
)
