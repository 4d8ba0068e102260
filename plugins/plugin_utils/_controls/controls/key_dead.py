# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `key-dead`: a key is not read by this version.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    keys as _keys,
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
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Part

FAULT = "dead"
STEP = "Put the setting into the policy: secure writes it as this version reads it."


def judge(evidence: Evidence) -> Finding:
    """Whether a settings file has one."""
    says = "no file has one for who gets in"
    return _keys.finding(evidence, FAULT, _told, says, _keys.ACCESS)


def _told(place: Place, row: Part) -> Fault:
    text = f"{place.title}: {shown(row.text('key'))} is not read by this version"
    return Fault(text, place.name, step=STEP)


CONTROL = Control(
    id="key-dead",
    title="A key for who gets in is one that this version does not read",
    severity="high",
    topic="settings",
    judge=judge,
    page=Page(
        what=(
            "Keys of both settings files that stand for settings of access, and that this version"
            " reads in no spelling that is there."
        ),
        why=(
            "Up to 2.6.1 the server reads `settings.NAME`, from 3.0.0 on `NAME` alone. An upgrade"
            " keeps the old file, so `settings.jwtControlEnabled=true` stands there and means"
            " nothing; the vendor's documentation still writes it so. The default holds, which is"
            " mostly open."
        ),
        attack="Nothing has to be done: what people believe to be on is off.",
        remedy=(
            "Say in the policy what you want. The audit does not tell the value, so the lines are"
            " yours to write."
        ),
        references=(
            "docs/upgrade.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/7925",
        ),
    ),
)
