# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How many hosts have to take part: all, so many, or a share of them.

PRIVATE to the collection.
"""

from __future__ import annotations

import math
from collections.abc import Sized


class RotationError(ValueError):
    """An option of a rotation is not acceptable."""


def need(quorum: str | int, hosts: int, variable: str = "antmedia_rotation_quorum") -> int:
    """How many of so many hosts have to take part.

    :raises RotationError: for what is no quorum, naming the variable.
    """
    text = str(quorum).strip()
    try:
        if text == "all":
            return hosts
        if text.endswith("%"):
            share = float(text[:-1])
            if not 0 < share <= 100:
                raise ValueError
            return min(hosts, max(1, math.ceil(hosts * share / 100 - 1e-9)))
        count = int(text)
        if count < 1:
            raise ValueError
        return min(count, hosts)
    except ValueError:
        raise RotationError(
            f"{variable}: {quorum!r} is neither all, nor a number of hosts, nor a percentage such"
            " as 90%"
        ) from None


def enough(quorum: str | int, hosts: int, gone: Sized) -> bool:
    """Whether so many hosts can do without those that are gone."""
    return hosts - len(gone) >= need(quorum, hosts)
