# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AMF0, the form of what RTMP says: values to bytes and back.

PRIVATE to the collection.
"""

from __future__ import annotations

import struct
from typing import Any

DEEPEST = 32
MOST_VALUES = 1 << 20
_NUMBER = struct.Struct(">d")


def encode(*values: Any) -> bytes:
    """AMF0 of numbers, booleans, texts, None and dictionaries of these."""
    out = bytearray()
    for value in values:
        if value is None:
            out += b"\x05"
        elif isinstance(value, bool):
            out += b"\x01" + (b"\x01" if value else b"\x00")
        elif isinstance(value, (int, float)):
            out += b"\x00" + _NUMBER.pack(value)
        elif isinstance(value, str):
            data = value.encode("utf-8")
            if len(data) > 0xFFFF:
                out += b"\x0c" + struct.pack(">I", len(data)) + data
            else:
                out += b"\x02" + struct.pack(">H", len(data)) + data
        elif isinstance(value, dict):
            out += b"\x03"
            for name, item in value.items():
                data = name.encode("utf-8")
                out += struct.pack(">H", len(data)) + data + encode(item)
            out += b"\x00\x00\x09"
        else:
            raise TypeError(f"no AMF0 form for {type(value).__name__}")
    return bytes(out)


class _Reader:
    """AMF0 from bytes; raises ValueError on what is cut short or unknown."""

    def __init__(self, data: bytes, errors: str) -> None:
        self.data = data
        self.errors = errors
        self.at = self.depth = 0

    def take(self, count):
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            raise ValueError("AMF0 data is cut short")
        self.at += count
        return piece

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def text(self, form=">H"):
        return self.take(self.number(form)).decode("utf-8", self.errors)

    def members(self):
        found: dict[str, Any] = {}
        while True:
            name = self.text()
            if not name and self.data[self.at : self.at + 1] == b"\x09":
                self.at += 1
                return found
            found[name] = self.value()

    def value(self):
        if self.depth > DEEPEST:
            raise ValueError("AMF0 data is nested too deeply")
        self.depth += 1
        value = self._value()
        self.depth -= 1
        return value

    def _value(self):
        kind = self.take(1)[0]
        if kind == 0:
            return self.number(">d")
        if kind == 1:
            return self.take(1) != b"\x00"
        if kind == 2:
            return self.text()
        if kind == 3:
            return self.members()
        if kind in (5, 6):
            return None
        if kind == 8:
            self.take(4)
            return self.members()
        if kind == 10:
            return [self.value() for dummy in range(min(self.number(">I"), MOST_VALUES))]
        if kind == 11:
            return self.take(10)[:8]
        if kind == 12:
            return self.text(">I")
        raise ValueError(f"AMF0 type {kind} is not understood")


def decode(data: bytes, errors: str = "strict") -> list[Any]:
    """The list of values in AMF0 bytes; raises ValueError.

    Objects with a class of their own and whatever refers to other places are not understood.

    :kwarg errors: what to do about texts that are not UTF-8, as ``bytes.decode`` has it.
    """
    reader = _Reader(data, errors)
    values = []
    while reader.at < len(data):
        values.append(reader.value())
    return values
