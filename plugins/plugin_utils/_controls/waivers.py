# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Waivers: faults that the operator accepts, with a reason, an owner and a last day.

A waiver stands in the inventory, in ``antmedia_audit_waivers`` of whatever it is for: all hosts, a
group, or one host. It never makes a control pass: what is waived is shown as waived, and from the
day after its last it fails again.

Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _near
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import table as _table
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible

VARIABLE = "antmedia_audit_waivers"
WORDS = ("control", "hosts", "groups", "apps", "reason", "owner", "expires")
NEEDED = ("control", "reason", "owner", "expires")
LONGEST_REASON = 500


@dataclass(frozen=True)
class Waiver:
    """A waiver.

    control: the id of a control, as a shell pattern. hosts, groups, apps: whom it is for, as shell
    patterns; none means all for whom the inventory has it. expires: its last day.
    """

    control: str
    reason: str
    owner: str
    expires: datetime.date
    hosts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()

    def expired(self, today: datetime.date) -> bool:
        """Whether its last day is over."""
        return today > self.expires

    def covers(self, control: str, host: str, groups: Iterable[str], app: str) -> bool:
        """Whether it is for a fault, however old it is.

        :arg app: of the fault; empty for one that is of no application.
        """
        return (
            fnmatchcase(control, self.control)
            and _one_of(self.hosts, [host])
            and _one_of(self.groups, groups)
            and _one_of(self.apps, [app])
        )


def _one_of(patterns, names):
    return not patterns or any(fnmatchcase(name, each) for name in names for each in patterns)


def read(given: Any, host: str) -> tuple[tuple[Waiver, ...], list[str]]:
    """The waivers that the inventory has for a host, and what is wrong with them, a text each.

    :arg given: the value of the variable, as plain values.
    """
    if given is None:
        return (), []
    where = f"{host}: {VARIABLE}"
    if not isinstance(given, (list, tuple)):
        return (), [f"{where}: is not a list"]
    found, faults = [], []
    for number, each in enumerate(given, 1):
        waiver, wrong = _one(each)
        faults += [f"{where}, entry {number}: {text}" for text in wrong]
        found += [waiver] if waiver else []
    return tuple(found), faults


def _one(each):
    if not isinstance(each, Mapping):
        return None, ["is not a mapping"]
    wrong = [_unknown(key) for key in each if key not in WORDS]
    wrong += [f"{key}: is missing" for key in NEEDED if not _filled(each.get(key))]
    lists = {}
    for key in ("hosts", "groups", "apps"):
        value = each.get(key, ())
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            wrong.append(f"{key}: is not a list of names")
        else:
            lists[key] = tuple(value)
    for key in ("control", "reason", "owner"):
        if _filled(each.get(key)) and not isinstance(each[key], str):
            wrong.append(f"{key}: is not a text")
    if isinstance(each.get("control"), str) and _filled(each["control"]):
        wrong += [f"control: {text}" for text in _table.unknown([each["control"]])]
    expires = _date(each.get("expires")) if _filled(each.get("expires")) else None
    if _filled(each.get("expires")) and not expires:
        wrong.append(f"expires: {_visible.line(each['expires'])[:50]} is not a day, as 2027-01-31")
    if wrong or not expires:
        return None, wrong
    control, reason, owner = (
        _visible.line(each[key])[:LONGEST_REASON] for key in ("control", "reason", "owner")
    )
    return Waiver(control, reason, owner, expires, **lists), []


def _filled(value):
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _unknown(key):
    near = _near.nearest(str(key), WORDS)
    hint = f"; did you mean {near}?" if near else f"; a waiver has {', '.join(WORDS)}"
    return f"{_visible.line(key)[:50]}: is not a word of a waiver{hint}"


def _date(value):
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def choose(
    waivers: Sequence[Waiver],
    control: str,
    host: str,
    groups: Iterable[str],
    app: str,
    today: datetime.date,
) -> tuple[Waiver | None, Waiver | None]:
    """The waiver that covers a fault, and one that did until it expired."""
    groups = tuple(groups)
    covering = [each for each in waivers if each.covers(control, host, groups, app)]
    good = [each for each in covering if not each.expired(today)]
    over = [each for each in covering if each.expired(today)]

    def last(found):
        return max(found, key=lambda each: each.expires) if found else None

    return last(good), last(over)
