# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The terms on which a policy is compiled: options that ask for no setting.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    open_doors as _open_doors,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.nulls import nulls

# Any other setting that is on or off would do.
_SWITCH = _catalogue.by_name(_catalogue.APP, "jwtControlEnabled")


def agree(draft: Draft, connected_from: Iterable[str]) -> list[tuple[str, str]]:
    """Read the terms into a draft.

    :returns: who must not be locked out of the web panel: blocks, each with where it comes from.
    """
    for name in nulls(draft.policy):
        draft.fault(name, _options.IS_NULL)
    unenforceable = draft.policy.get("unenforceable")
    if unenforceable not in (None, "fail", "warn"):
        draft.fault(
            "antmedia_unenforceable", f"{_options.shown(unenforceable)} is not one of fail, warn"
        )
    _close(draft, "antmedia_closed_doors", draft.policy.get("closed_doors"))
    _widest(draft, "antmedia_widest_prefix", draft.policy.get("widest_prefix"))
    lockout = _allowed(draft, "antmedia_allow_lockout", draft.policy.get("allow_lockout"))
    variable, operators = "antmedia_operator_cidrs", draft.policy.get("operator_cidrs")
    inside = draft.cidrs(variable, operators) if operators else ""
    if lockout:
        return []
    found = [(address, "the address this connection came from") for address in connected_from]
    found += [(block, variable) for block in (inside or "").split(",")]
    return [pair for pair in found if pair[0]]


def _close(draft: Draft, variable: str, given: Any) -> None:
    names = given or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        draft.fault(variable, f"{_options.shown(given)} is not a list of names")
        return
    for name in names:
        if name not in _open_doors.NAMES:
            known = ", ".join(_open_doors.NAMES)
            draft.fault(variable, f"{_options.shown(name)} is not a door; known are {known}")
    draft.wanted.closed = frozenset(names)


def _widest(draft: Draft, variable: str, given: Any) -> None:
    if given is None:
        return
    if not isinstance(given, Mapping):
        draft.fault(variable, f"{_options.shown(given)} {_options.NO_MAPPING}")
        return
    draft.faults.extend(_options.out_of_bounds({"widest_prefix": given}))
    for family, bits in given.items():
        where = f"{variable}.{family}"
        if family not in ("ipv4", "ipv6"):
            draft.fault(where, "is not known; known are ipv4, ipv6")
        elif isinstance(bits, int) and not isinstance(bits, bool):
            draft.widest[family] = bits
        elif bits is not None and not draft.has_fault(where):
            draft.fault(where, f"{_options.shown(bits)} is not a whole number")


def _allowed(draft: Draft, variable: str, value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    return draft.text(variable, _SWITCH, value) == "true"
