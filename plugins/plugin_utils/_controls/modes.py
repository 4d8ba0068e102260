# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Paths of a host, and what accounts that have no business there may do with them.

PRIVATE to the collection.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Fault,
    Finding,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    CannotTell,
    Evidence,
    Part,
    shown,
)

READ, WRITE = stat.S_IROTH, stat.S_IWOTH


def of_kinds(evidence: Evidence, *kinds: str) -> list[Part]:
    """The paths of some kinds, see ``_evidence/paths.py``."""
    return [row for row in evidence.found.rows("paths") if row.text("kind") in kinds]


def readable(evidence: Evidence, kind: str, step: str) -> Finding:
    """Whether other accounts of the host may read a path of a kind.

    :arg step: what a person has to do then.
    """
    rows = of_kinds(evidence, kind)
    faults = [Fault(line, step=step) for line in open_to_others(rows, READ)]
    if not rows:
        return _control.not_applicable("there is none")
    return _control.found(faults, "no other account may read one")


def open_to_others(rows: Iterable[Part], bits: int) -> list[str]:
    """Those on which other accounts of the host have some bits, and that they reach; as lines."""
    return [
        f"{shown(row.text('path'))} has mode {shown(row.text('mode'), 10)}"
        for row in rows
        if mode(row) & bits and not row.text("closed_by")
    ]


def mode(row: Part) -> int:
    """The permission bits of a path, or of a file of the unit."""
    text = row.text("mode")
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and set(text) <= set("01234567")):
        raise CannotTell("the mode of a file is not told")
    return int(text, 8)
