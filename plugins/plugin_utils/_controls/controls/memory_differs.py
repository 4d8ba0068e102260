# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `memory-differs`: what runs is not what the files say.

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
    CannotTell,
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    shown,
)

STEP = "Run streamward.antmedia.secure; find out who changed what, and by which way."
ACCESS = frozenset(setting.name for setting in _catalogue.SETTINGS if setting.realm)


def judge(evidence: Evidence) -> Finding:
    """Whether memory and disk agree about who gets in."""
    if not evidence.running:
        return _control.not_applicable("the server does not run")
    if not evidence.installation.part("memory").flag("known"):
        raise CannotTell("the running server could not be asked what it holds")
    faults = []
    for name, settings in evidence.differs.items():
        found = [setting for setting in settings if setting in ACCESS]
        if found:
            title = shown(name, 100) or "the server"
            line = f"{title}: {', '.join(map(shown, found))}"
            faults.append(Fault(line, shown(name, 100), step=STEP))
    return _control.found(faults, "the running server holds what its files say")


CONTROL = Control(
    id="memory-differs",
    title="The running server holds something else than its files say",
    severity="high",
    topic="settings",
    judge=judge,
    page=Page(
        what=(
            "Settings of access that the running server holds, as far as it tells them, against"
            " its files."
        ),
        why=(
            "A file was edited and the server not restarted; or an application came up with its"
            " security off; or somebody saved in the panel and the file could not be written. What"
            " holds now is in the memory, and goes away with the next start."
        ),
        attack=(
            "An admin's session for one minute opens an application in memory. The files, and all"
            " who read only these, see nothing of it."
        ),
        remedy="`secure` brings memory and files to the policy, and proves it.",
        references=(
            "docs/boot-guard.md",
            "docs/verify.md",
        ),
    ),
)
