# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `key-dead`: a key is not read by this version.

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

FAULT = "dead"
STEP = "Put the setting into the policy: secure writes it as this version reads it."
ACCESS = frozenset(setting.name for setting in _catalogue.SETTINGS if setting.realm)


def judge(evidence: Evidence) -> Finding:
    """Whether a settings file has one."""
    told = evidence.found.part("keys")
    apps = told.part("apps")

    def faults(place):
        rows = apps.rows(place.raw_name) if place.name else told.rows("server")
        return [
            Fault(
                f"{place.title}: {shown(row.text('key'))} is not read by this version",
                place.name,
                step=STEP,
            )
            for row in rows
            if row.text("fault") == FAULT and row.text("setting") in ACCESS
        ]

    return _control.by_place(
        evidence.places(),
        faults,
        unknown=evidence.unread_apps,
        says="no file has one for who gets in",
    )


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
