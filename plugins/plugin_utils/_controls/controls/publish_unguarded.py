# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `publish-unguarded`: everybody may publish.

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

KNOWN_STREAMS = "acceptOnlyStreamsInDataStore"


def judge(evidence: Evidence) -> Finding:
    """Whether anything that this edition enforces stands before publishing."""
    return _control.in_apps(
        evidence,
        _faults,
        says="every application asks publishers for something",
    )


def _faults(app: Place) -> list[Fault]:
    guarded = (
        _guards.tokens(app, "publish") or app.text(_words.HOOK).strip() or app.on(KNOWN_STREAMS)
    )
    if guarded:
        return []
    text = f"{app.title}: everybody may publish any stream"
    if app.evidence.enterprise:
        return [Fault(text, app.name, *_remedy.guarded(app, "publish"))]
    return [Fault(text, app.name, _control.of_app(app, settings={KNOWN_STREAMS: True}))]


CONTROL = Control(
    id="publish-unguarded",
    title="Everybody may publish",
    severity="high",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Whether an application asks publishers for anything that its edition enforces: a token"
            " of any kind (Enterprise), a hook (`webhookAuthenticateURL`), or that the stream is"
            " registered (`acceptOnlyStreamsInDataStore`)."
        ),
        why=(
            "Who publishes under the name of your stream is seen by your viewers in its place, and"
            " everybody can fill the disk and use the bandwidth of the server."
        ),
        attack=(
            "`ffmpeg -re -i anything -f flv rtmp://HOST/LiveApp/NAME`. Names of streams stand in"
            " the addresses that players load."
        ),
        remedy=(
            "Enterprise: ask for a token (`publish: jwt`). Community: let a hook of yours decide"
            " (`publish: hook`), or let in registered streams only, as below."
        ),
        references=(
            "docs/doors.md",
            "docs/tokens.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/6659",
        ),
    ),
)
