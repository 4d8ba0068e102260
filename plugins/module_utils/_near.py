# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which known name a mistyped one is near to, for every "did you mean"; rather none than a bad one.

A likeness of letters alone is not enough: `RTMPEnabled` has most of its letters in common with
`vp8Enabled`. Near is what differs by a slip of the fingers or two, or by a word that is left out,
put before or put behind, or has another place. Another digit is no slip: `vp9` is not `vp8`.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Collection

# The shortest name that one slip is forgiven in, and that two are.
ONE_SLIP, TWO_SLIPS = 4, 12
# Of the longer name, what a name that is a part of it covers.
COVERED = 0.7
# Nobody mistypes one of these; whoever writes such a name means something else.
MOST = 100

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def nearest(name: str, known: Collection[str]) -> str | None:
    """The one of known names that a name is near to, None if none is.

    :arg known: any number of names.
    """
    if not known or not ONE_SLIP <= len(name) <= MOST:
        return None
    letters = _letters(name)
    distance, other = min((_distance(letters, _letters(other)), other) for other in known)
    if distance <= _slips(letters):
        return other
    words = _words(name)
    found = [other for other in known if _same_words(words, _words(other))]
    return found[0] if len(found) == 1 else None


def _slips(letters: str) -> int:
    """How many slips are forgiven."""
    return 2 if len(letters) >= TWO_SLIPS else 1


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _same_words(one: list[str], other: list[str]) -> bool:
    """Whether names have the same digits, and the same words but for one, or some at one end."""
    if sorted(filter(str.isdigit, one)) != sorted(filter(str.isdigit, other)):
        return False
    if sorted(one) == sorted(other):
        return len(one) > 1
    less, more = sorted((one, other), key=len)
    if len(less) < 2:
        return False
    at_an_end = any(more[at : at + len(less)] == less for at in (0, len(more) - len(less)))
    if at_an_end and len("".join(less)) >= COVERED * len("".join(more)):
        return True
    left_out = len(more) - len(less) == 1 and len(less) > 2
    return left_out and any(more[:at] + more[at + 1 :] == less for at in range(len(more)))


def _distance(one: str, other: str) -> int:
    """Slips between two texts: a letter too many, too few, another, or two exchanged.

    A digit is never too many or another one, and counts for two where it is left out.
    """
    far = len(one) + len(other)
    if abs(len(one) - len(other)) > _slips(one):
        return far
    if any(one.count(digit) > other.count(digit) for digit in filter(str.isdigit, one)):
        return far
    left_out = [1 + facing.isdigit() for facing in other]
    before: list[int] = []
    row = [0]
    for cost in left_out:
        row.append(row[-1] + cost)
    for i, letter in enumerate(one, 1):
        oldest, before, row = before, row, [i]
        for j, facing in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + left_out[j - 1], before[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                cost = min(cost, oldest[j - 2] + 1)
            row.append(cost)
    return row[-1]
