# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `hook-in-the-clear`: a hook is asked without TLS.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    reach as _reach,
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

HOOKS = (_words.HOOK, "webhookPlayAuthUrl", "listenerHookURL", "dataChannelWebHookURL")
STEP = "The hook has to answer with TLS, by a certificate that the host's Java takes."


def judge(evidence: Evidence) -> Finding:
    """Whether a hook on another host is asked in the clear."""
    return _control.in_apps(
        evidence,
        _faults,
        says="no hook is asked over the network in the clear",
    )


def _faults(app: Place) -> list[Fault]:
    found = []
    for setting in HOOKS:
        text = app.text(setting) if app.has(setting) else ""
        host = _reach.plain_host(text)
        if host:
            line = f"{app.title}: {setting} asks {shown(host)} by http://"
            # Of the others, not the whole address is told.
            whole = setting == _words.HOOK
            settings = {setting: _reach.secured(text)}
            policy = _control.of_app(app, settings=settings) if whole else {}
            found.append(Fault(line, app.name, policy, STEP))
    return found


CONTROL = Control(
    id="hook-in-the-clear",
    title="A hook is asked over the network without TLS",
    severity="medium",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what="Addresses of hooks that begin with `http://` and are not of the host itself.",
        why=(
            "Whoever is on the way reads names of streams and tokens, and answers in the hook's"
            " place: its answer decides who publishes."
        ),
        attack=(
            "A neighbour in the same network answers 200 for the hook, and everybody publishes."
        ),
        remedy="Give the hook TLS, and write `https://`. Or have it on the host itself.",
        references=("docs/doors.md",),
    ),
)
