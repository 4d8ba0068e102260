# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The text of a value of YAML for a setting of the catalogue.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)

# What Java's int and long hold.
_INTS = range(-(2**31), 2**31)
_LONGS = range(-(2**63), 2**63)
_PORTS = range(1, 2**16)


def text_of(setting: _catalogue.Setting, value: Any) -> str:
    """The text of a value.

    :raises ValueError: with the reason, when it is of the wrong type or would break the file.
    """
    if isinstance(value, int) and value not in _LONGS:
        raise ValueError("is beyond what the server can hold")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("is not a number")
    return _KINDS.get(setting.type, _text)(setting, value)


def plain(text: str) -> str:
    """A text as it is.

    :raises ValueError: with the reason, when it would break the file.
    """
    if text != text.strip():
        raise ValueError("has blanks at an end, which the server would keep")
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError("has control characters")
    if "${" in text or "#{" in text:
        raise ValueError("has ${ or #{, which the server would expand or execute")
    return text


def _boolean(setting: _catalogue.Setting, value: Any) -> str:
    if isinstance(value, bool):
        return _word(value)
    try:
        if isinstance(value, str):
            return _catalogue.normal(setting, value)
    except ValueError:
        pass
    raise ValueError("is not a boolean; write true or false")


def _word(value: bool) -> str:
    return "true" if value else "false"


def _no_number(value: Any) -> bool:
    return isinstance(value, bool) or not isinstance(value, (int, float, str))


def _decimal(setting: _catalogue.Setting, value: Any) -> str:
    if _no_number(value):
        raise ValueError("is not a number")
    try:
        return _catalogue.normal(setting, str(value))
    except ValueError:
        raise ValueError("is not a decimal number") from None


def _whole(setting: _catalogue.Setting, value: Any) -> str:
    if _no_number(value):
        raise ValueError("is not a number")
    if isinstance(value, float) and value == int(value):
        value = int(value)
    try:
        text = _catalogue.normal(setting, str(value))
    except ValueError:
        raise ValueError("is not a whole number") from None
    if setting.name.lower().endswith("port") and int(text) not in _PORTS:
        raise ValueError("is not a port; a port is a number from 1 to 65535")
    if int(text) not in _INTS:
        raise ValueError("is beyond what the server can hold, 2147483647")
    return text


def _object(_setting: _catalogue.Setting, value: Any) -> str:
    try:
        value = json.loads(value) if isinstance(value, str) else value
        text = json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueError("is not a JSON object") from None
    if not isinstance(value, Mapping):
        raise ValueError("is not a JSON object")
    return plain(text)


def _text(_setting: _catalogue.Setting, value: Any) -> str:
    if isinstance(value, bool):
        return _word(value)
    if not isinstance(value, (str, int, float)):
        raise ValueError("is not a text")
    return plain(str(value))


def _url(setting: _catalogue.Setting, value: Any) -> str:
    text = _text(setting, value)
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("is not an address that starts with http:// or https://")
    return text


_KINDS = {
    "bool": _boolean,
    "int": _whole,
    "float": _decimal,
    "json": _object,
    "url": _url,
}
