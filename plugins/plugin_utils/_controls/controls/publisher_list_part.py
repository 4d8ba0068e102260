# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `publisher-list-part`: a list of publishers is looked at for RTMP alone.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    words as _words,
)
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

LIST, KNOWN_STREAMS = "allowedPublisherCIDR", "acceptOnlyStreamsInDataStore"


def judge(evidence: Evidence) -> Finding:
    """Whether a list is all that stands before publishing."""
    if not evidence.enterprise:
        return _control.not_applicable("this edition does not look at the list")
    return _control.in_apps(
        evidence,
        _faults,
        says="where publishers have a list, something else is asked for as well",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not app.text(LIST).strip():
        return None
    if _guards.tokens(app, "publish") or app.text(_words.HOOK).strip() or app.on(KNOWN_STREAMS):
        return []
    text = f"{app.title}: {LIST} is the only guard, and WebRTC, WHIP and SRT do not look at it"
    return [Fault(text, app.name, *_remedy.guarded(app, "publish"))]


CONTROL = Control(
    id="publisher-list-part",
    title="The list of publishers is looked at for RTMP alone",
    severity="medium",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what="Applications whose only guard of publishing is `allowedPublisherCIDR`.",
        why=(
            "The server looks at that list for RTMP. Publishing by WebRTC, WHIP or SRT goes past"
            " it, from everywhere."
        ),
        attack=(
            "A page with the vendor's JavaScript library publishes to"
            " `wss://HOST:5443/LiveApp/websocket` from any address."
        ),
        remedy="Ask for a token as well; the list can stay.",
        references=(
            "docs/doors.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/1462",
        ),
    ),
)
