# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Text from outside as people may see it: escapes for what steers a terminal or is invisible.

PRIVATE to the collection.

For what is shown, never for what is used: a secret or a token goes on as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


def text(value: object) -> str:
    """A value as text in which only line ends and tabs are not printable characters."""
    found = str(value).replace("\r\n", "\n")  # as ssh ends its lines
    if found.isprintable():
        return found
    return "".join(map(_escape, found))


def line(value: object) -> str:
    """The same in one line, so that it cannot pass for several."""
    return " ".join(text(value).split())


def values(found: Any) -> Any:
    """A value whose texts, at any depth, are visible ones, names of keys included.

    :arg found: what a module returned. What is neither text nor a container stays as it is.
    """
    if isinstance(found, str):
        return text(found)
    if isinstance(found, Mapping):
        return {values(key): values(part) for key, part in found.items()}
    if isinstance(found, tuple):
        return tuple(map(values, found))
    if isinstance(found, list):
        return list(map(values, found))
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        # As ansible-core has warnings and errors from 2.19 on.
        fields = [field.name for field in dataclasses.fields(found) if field.init]
        return dataclasses.replace(found, **{name: values(getattr(found, name)) for name in fields})
    return found


def _escape(character):
    if character.isprintable() or character in "\n\t":
        return character
    number = ord(character)
    for digits, kind in ((2, "x"), (4, "u")):
        if number < 16**digits:
            return f"\\{kind}{number:0{digits}x}"
    return f"\\U{number:08x}"
