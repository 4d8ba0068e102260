# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `key-twin`: a setting stands there twice, and the one that people see does not hold.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    keys as _keys,
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
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Part

FAULT = "twin"
STEP = "Take out the key that does not hold."


def judge(evidence: Evidence) -> Finding:
    """Whether a settings file has one."""
    says = "no file has one for who gets in"
    return _keys.finding(evidence, FAULT, _told, says, _keys.ACCESS)


def _told(place: Place, row: Part) -> Fault:
    text = f"{place.title}: {row.text('wins')} holds, and not {row.text('key')}"
    return Fault(text, place.name, _policy(place, row), STEP)


def _policy(place, row):
    """What holds now, so that secure writes it; empty where that cannot be said in a policy."""
    setting = _catalogue.by_key(_catalogue.file_of(place.name), row.text("setting"))
    if not setting or setting.secret or setting.name in _remedy.LISTS:
        return {}
    if setting.edition == "enterprise" and not place.evidence.enterprise:
        return {}
    text = place.of_file(setting.name)
    return _control.of_app(place, settings={setting.name: text})


CONTROL = Control(
    id="key-twin",
    title="A setting of access stands there twice, with two values",
    severity="medium",
    topic="settings",
    mends=True,
    judge=judge,
    page=Page(
        what="Settings of access that a file has in both spellings, with two meanings.",
        why=(
            "One of the two holds: from 2.6.2 on that without `settings.`, even if it is empty."
            " The panel writes that one at each save and leaves the other where it is. Whoever"
            " edits the file finds the wrong one, and wonders."
        ),
        attack="None by itself: somebody closes a door in the file, and it stays open.",
        remedy=(
            "Have `secure` write the setting: it drops the other key. The lines below say what"
            " holds now."
        ),
        references=("docs/upgrade.md",),
    ),
)
