# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keys of settings files that are not what they seem: dead ones, twins, misspelt ones.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Evidence,
    Fault,
    Finding,
    Place,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    Part,
)

ACCESS = frozenset(setting.name for setting in _catalogue.SETTINGS if setting.realm)


def finding(
    evidence: Evidence,
    fault: str,
    told: Callable[[Place, Part], Fault],
    says: str,
    only: Collection[str] | None = None,
) -> Finding:
    """The keys with a fault.

    :arg fault: as facts call it.
    :arg told: what is told of a key, given its place and its row.
    :arg says: what to say where there is none.
    :kwarg only: the settings that it is about; None for all.
    """
    keys = evidence.found.part("keys")
    apps = keys.part("apps")

    def faults(place: Place) -> list[Fault]:
        rows = apps.rows(place.raw_name) if place.name else keys.rows("server")
        return [
            told(place, row)
            for row in rows
            if row.text("fault") == fault and (only is None or row.text("setting") in only)
        ]

    return _control.in_files(evidence, faults, says=says)
