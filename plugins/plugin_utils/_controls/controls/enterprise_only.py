# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `enterprise-only`: Community takes a setting that only Enterprise enforces.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    words as _words,
)
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
    shown,
)

# Beside the switches of tokens: texts that only Enterprise looks at, where they are not empty.
TEXTS = ("allowedPublisherCIDR", "webhookPlayAuthUrl")
STEP = (
    "Empty the setting in the web panel, or take its line out of the file and restart the server."
)


def judge(evidence: Evidence) -> Finding:
    """Whether an application is set to what its edition takes and does not do."""
    if evidence.enterprise:
        return _control.not_applicable("this is the Enterprise edition")
    return _control.in_apps(
        evidence,
        _faults,
        says="nothing is set that this edition does not enforce",
    )


def _faults(app: Place) -> list[Fault]:
    found = []
    for direction, switches in _words.SWITCHES.items():
        named = [name for name in switches.values() if app.on(name)]
        if named:
            text = f"{app.title}: {', '.join(named)} is on, and nobody is asked for a token"
            policy = _control.of_app(app, **{direction: _words.UNGUARDED})
            found.append(Fault(text, app.name, policy))
    for name in TEXTS:
        text = app.text(name) if app.has(name) else ""
        if text.strip():
            line = f"{app.title}: {name} is {shown(text)}, and nobody looks at it"
            found.append(Fault(line, app.name, step=STEP))
    return found


CONTROL = Control(
    id="enterprise-only",
    title="A setting is on that the Community edition does not enforce",
    severity="high",
    topic="settings",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "The switches of stream tokens, `allowedPublisherCIDR` and `webhookPlayAuthUrl` on the"
            " Community edition."
        ),
        why=(
            "Community stores these settings, shows them in its panel as on, and lets everybody in."
            " Who reads the settings believes that the streams are guarded."
        ),
        attack="Nobody has to do anything: a player without a token plays.",
        remedy=(
            "Turn them off, so that the settings say what is true, and guard the streams by what"
            " Community does enforce, see [publish-unguarded](publish-unguarded.md). Or run the"
            " Enterprise edition."
        ),
        references=("docs/doors.md", "docs/verify.md"),
    ),
)
