# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Remarks on values of settings files, as facts tell them: what each is about.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable

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
    Remark,
)

_EXPANDED = ("has ${", "has #{")
_STOPS, _MISSING = "does not start", "without "


def expands(remark: Remark) -> bool:
    """Whether the server puts something else in the place of the value."""
    return remark.what.startswith(_EXPANDED)


def stops(remark: Remark) -> bool:
    """Whether the server, or a part of it, does not start for it."""
    missing = remark.what.startswith(_MISSING)
    return missing or (_STOPS in remark.what and not expands(remark))


def finding(evidence: Evidence, counts: Callable[[Remark], bool], step: str) -> Finding:
    """The values of settings files whose remark counts.

    :arg step: what a person has to do about each.
    """

    def faults(place: Place) -> list[Fault]:
        return [
            Fault(
                f"{place.title}: {remark.key or remark.setting} {remark.what}",
                place.name,
                step=step,
            )
            for remark in place.remarks
            if counts(remark)
        ]

    return _control.in_files(evidence, faults, says="no file has such a value")
