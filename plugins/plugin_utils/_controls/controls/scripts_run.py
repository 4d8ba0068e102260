# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `scripts-run`: the server runs programs.

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
    shown,
)

SCRIPTS = (
    *("muxerFinishScript", "streamStartedScript", "streamEndedScript", "streamIdleTimeoutScript"),
    "vodUploadFinishScript",
)
STEP = "If you need it: have root own the script and its folder, and waive this."


def judge(evidence: Evidence) -> Finding:
    """Whether a setting names a program."""
    return _control.in_apps(
        evidence,
        _faults,
        says="no setting names a program",
    )


def _faults(app: Place) -> list[Fault]:
    found = []
    for setting in SCRIPTS:
        text = app.text(setting).strip() if app.has(setting) else ""
        if text:
            policy = _control.of_app(app, settings={setting: ""})
            line = f"{app.title}: {setting} is {shown(text)}"
            found.append(Fault(line, app.name, policy, STEP))
    return found


CONTROL = Control(
    id="scripts-run",
    title="The server runs programs that its settings name",
    severity="medium",
    topic="operation",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Settings that name a program: `muxerFinishScript`, `streamStartedScript`,"
            " `streamEndedScript`, `streamIdleTimeoutScript`, `vodUploadFinishScript`."
        ),
        why=(
            "The server runs it as its own account, with names of streams and files that"
            " publishers choose. Whoever may save settings may name another program."
        ),
        attack=(
            "An admin of one application in the panel, or whoever has its REST token, sets"
            " `muxerFinishScript`, publishes for a second, and runs what he likes on the host."
        ),
        remedy=(
            "Empty it if nobody needs it. Otherwise see that only root can write the script, that"
            " it quotes its arguments, and who may save settings."
        ),
        references=("docs/security.md",),
    ),
)
