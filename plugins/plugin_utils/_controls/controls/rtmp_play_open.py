# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `rtmp-play-open`: RTMP plays what other ways ask a token for.

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
    """Whether RTMP is open beside a token that players are asked for."""
    return _control.in_apps(
        evidence,
        _faults,
        says="RTMP plays nothing without a token",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not _guards.tokens(app, "play"):
        return None
    return _guards.beside(app, _guards.open_door(app, "play", "rtmp-play"))


CONTROL = Control(
    id="rtmp-play-open",
    title="RTMP plays without the token that players need elsewhere",
    severity="high",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Whether RTMP plays, in applications that ask players for a token: before 2.16.0 it"
            " asks for none."
        ),
        why=(
            "WebRTC and HLS refuse whoever has no token; RTMP plays the same stream to everybody."
            " It is the way in that people most often forget."
        ),
        attack=(
            "`ffplay rtmp://HOST/LiveApp/STREAM`. The name of the stream stands in the address of"
            " every other player."
        ),
        remedy=(
            "Turn RTMP play off. Before 2.5.0 there is no switch for it: upgrade, or keep players"
            " from port 1935."
        ),
        references=(
            "docs/doors.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/3863",
            "https://github.com/ant-media/Ant-Media-Server/issues/2361",
        ),
    ),
)
