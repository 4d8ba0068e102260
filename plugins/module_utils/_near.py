# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which known name a mistyped one is near to, for every "did you mean"; rather none than a bad one.

A likeness of letters alone is not enough: `RTMPEnabled` has most of its letters in common with
`vp8Enabled`. Near is what differs by a slip of the fingers or two, or by a word that is left out,
put before or put behind, or has another place. A digit is never a slip: `vp9` is not `vp8`.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# The shortest name that one slip is forgiven in, and that two are.
ONE_SLIP, TWO_SLIPS = 4, 12
# Of the longer name, what a name that is a part of it covers.
COVERED = 0.7
# Nobody mistypes one of these; whoever writes such a name means something else.
MOST = 100

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of known names that a name is near to, None if none is, or several are.

    :arg known: any number of names.
    """
    if not ONE_SLIP <= len(name) <= MOST:
        return None
    letters = _letters(name)
    known = [other for other in known if _digits(other) == _digits(name)]
    ranked = sorted((_distance(letters, _letters(other)), other) for other in known)
    found = [pair for pair in ranked if pair[0] <= _slips(letters)]
    if found:
        return _only([other for distance, other in found if distance == found[0][0]])
    words = _words(name)
    return _only([other for other in known if _same_words(words, _words(other))])


def _only(names: Sequence[str]) -> str | None:
    return names[0] if len(names) == 1 else None


def _slips(letters: str) -> int:
    """How many slips are forgiven."""
    return 2 if len(letters) >= TWO_SLIPS else 1


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _digits(name: str) -> list[str]:
    return sorted(filter(str.isdigit, name))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether names have the same words but for one, or for some at one end."""
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
    """Slips between two texts: a letter too many, too few, another, or two exchanged."""
    if abs(len(one) - len(other)) > _slips(one):
        return len(one) + len(other)
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        oldest, before, row = before, row, [i]
        for j, facing in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                cost = min(cost, oldest[j - 2] + 1)
            row.append(cost)
    return row[-1]
