# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `settings-overruled`: something is taken before the files.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
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
    shown,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    EVERY,
)

STEP = "Take it out where it is written, and restart the server if the running one has it."
ACCESS = frozenset(setting.name for setting in _catalogue.SETTINGS if setting.realm)


def judge(evidence: Evidence) -> Finding:
    """Whether a setting that decides access stands elsewhere as well, and wins there."""
    faults = [
        Fault(_text(entry), shown(entry.app, 100) if entry.app != EVERY else "", step=STEP)
        for entry in evidence.overruled
        if entry.concerns(entry.app, entry.setting)
        and (entry.setting == EVERY or entry.setting in ACCESS)
    ]
    unread = evidence.installation.texts("unread")
    unknown = [f"{shown(text)}, so something there may overrule the files" for text in unread]
    return _control.found(faults, "the files are what holds", unknown=unknown)


def _text(entry):
    what = "every setting" if entry.setting == EVERY else shown(entry.setting)
    whose = {"": "the server", EVERY: "every application"}.get(entry.app) or shown(entry.app, 100)
    return (
        f"{whose}: {what} is overruled by the {shown(entry.way)} {shown(entry.key)} in"
        f" {shown(entry.where)} ({shown(entry.when)})"
    )


CONTROL = Control(
    id="settings-overruled",
    title="A setting that decides access is overruled elsewhere",
    severity="high",
    topic="settings",
    judge=judge,
    page=Page(
        what=(
            "Variables, options of Java, context parameters, beans and whatever else the server"
            " asks before its settings files, for settings that decide who gets in."
        ),
        why=(
            "The file is right, the panel shows it, and the server does something else. Nothing"
            " says so."
        ),
        attack=(
            "Who may write a unit's drop-in, a variable of a container or a file beside `web.xml`"
            " opens an application without touching a file that anybody looks at."
        ),
        remedy=(
            "Take it out, put the value into the policy, and run `secure`. If it is there on"
            " purpose, waive it."
        ),
        references=("docs/overruled.md",),
    ),
)
