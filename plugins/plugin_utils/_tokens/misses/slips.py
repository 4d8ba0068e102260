# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Trying slips: every way to do one thing wrong, then every way to do two, up to three.

PRIVATE to the collection.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MOST = 3


def ways(
    dials: Mapping[str, Sequence[Any]], most: int = MOST
) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Every setting of dials in which at most so many are not at their first, fewest first.

    :arg dials: what there is to choose from, by the name of the choice, the right one first.
    :returns: pairs of the choices by name, and of the names of those that are wrong.
    """
    right = {name: choices[0] for name, choices in dials.items()}
    for count in range(most + 1):
        for turned in itertools.combinations(dials, count):
            for choices in itertools.product(*(dials[name][1:] for name in turned)):
                yield {**right, **dict(zip(turned, choices))}, turned
