# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the server's Spring reads from the text of a number: more than anybody would write.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

from ansible_collections.streamward.antmedia.plugins.module_utils import _json

INTS = range(-(2**31), 2**31)
LONGS = range(-(2**63), 2**63)

# It takes blanks out, wherever they are.
_BLANK = re.compile("[\t-\r\x1c-\x20]+")
_WHOLE = re.compile("[+-]?[0-9]+")
_HEX = re.compile("(-?)(?:0[xX]|#)([0-9a-fA-F]+)")
_FLOAT = re.compile(
    r"[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?)"
)


def whole(text: str) -> int | None:
    """The whole number in a text, None where there is none."""
    text = _BLANK.sub("", text)
    if len(text) > _json.LONGEST_NUMBER:
        return None
    match = _HEX.fullmatch(text)
    if match:
        return int(match.group(1) + match.group(2), 16)
    return int(text) if _WHOLE.fullmatch(text) else None


def is_float(text: str) -> bool:
    """Whether there is a number in a text that may have a fraction."""
    return _FLOAT.fullmatch(_BLANK.sub("", text)) is not None
