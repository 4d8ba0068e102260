# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A lossless document of a Java properties file.

What is read is what ``java.util.Properties.load(InputStream)`` reads, quirks included. What is
written leaves every line that was not edited byte for byte. Values are secrets until proved
otherwise: nothing here shows one, be it in an error or in a ``repr``.

PRIVATE to the collection.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterator

BLANKS = " \t\f"

_NATURAL_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n)|([^\r\n]+)")
_KEY = re.compile(r"(?:[^\\=: \t\f]|\\.)*", re.DOTALL)
_SEPARATOR = re.compile(r"[ \t\f]*[=:]?[ \t\f]*")
_ESCAPE = re.compile(r"\\(u([0-9A-Fa-f]{4})?|.)", re.DOTALL)
_UNESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f"}


class PropertiesError(ValueError):
    """A document that Java would refuse, or a value that must not be written.

    :ivar line: number of the natural line at fault, from 1; None where no line is.
    :ivar reason: what is wrong; never holds a value.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line


class _Item:
    """One logical line with the natural lines it is made of, or lines that hold no entry.

    Entries are ``head + separator + value as written + end``; other items are ``head + end``.
    """

    __slots__ = ("continued", "end", "head", "key", "separator", "tail", "value")

    def __init__(
        self,
        head: str,
        end: str,
        key: str | None = None,
        value: str = "",
        separator: str = "",
        tail: str = "",
        continued: bool = False,
    ) -> None:
        self.head = head
        self.separator = separator
        self.tail = tail
        self.end = end
        self.key = key
        self.value = value
        self.continued = continued

    def raw(self) -> str:
        return self.head + self.tail + self.end


def _combine(text: str) -> str:
    """Join surrogate pairs, as two Java chars are one Python character."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")
    return text


def _unescape(written: str) -> tuple[str, int | None]:
    """The text behind the written one, and the index of the fault if Java refuses it."""
    if "\\" not in written:
        return written, None
    parts = []
    done = 0
    for match in _ESCAPE.finditer(written):
        parts.append(written[done : match.start()])
        done = match.end()
        char, digits = match.groups()
        if char == "u":
            return "", match.start()
        parts.append(chr(int(digits, 16)) if digits else _UNESCAPED.get(char, char))
    parts.append(written[done:])
    return _combine("".join(parts)), None


def _escape_char(char: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    if " " <= char <= "~":
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02X}{low:02X}" for high, low in zip(units[::2], units[1::2]))


def _escape_value(value: str, separator: str) -> str:
    """How a value is written behind a separator.

    Only what Java would not read back is escaped: the vendor's scripts search for values as text.
    """
    written = "".join(_escape_char(char) for char in value)
    has_sign = "=" in separator or ":" in separator
    if written[:1] == " " or (written[:1] in ("=", ":") and not has_sign):
        return "\\" + written
    return written


def _escape_key(key: str) -> str:
    written = "".join("\\" + c if c in " =:" else _escape_char(c) for c in key)
    return "\\" + written if written[:1] in ("#", "!") else written


class _Reader:
    """Cuts a text into items, as ``Properties.LineReader`` does."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [
            (m.start(), m.group(1) if m.group(2) else m.group(3), m.group(2) or "")
            for m in _NATURAL_LINE.finditer(text)
        ]

    def items(self) -> Iterator[_Item]:
        index = 0
        while index < len(self.lines):
            index, item = self._item(index)
            yield item

    def _piece(self, index: int) -> tuple[int, int, bool]:
        """Bounds of what a natural line adds to its logical line, and whether it goes on."""
        start, body, _end = self.lines[index]
        first = start + len(body) - len(body.lstrip(BLANKS))
        last = start + len(body)
        backslashes = last - first - len(self.text[first:last].rstrip("\\"))
        continued = backslashes % 2 == 1
        return first, last - continued, continued

    def _item(self, index: int) -> tuple[int, _Item]:
        begin = self.lines[index][0]
        first, last, continued = self._piece(index)
        # A lone backslash adds nothing: what follows may still be a comment.
        while first == last and continued:
            if index + 1 == len(self.lines):
                return self._lone_backslash(begin, first, index)
            index += 1
            first, last, continued = self._piece(index)
        if first == last or self.text[first] in "#!":
            body_end = self.lines[index][0] + len(self.lines[index][1])
            return index + 1, _Item(self.text[begin:body_end], self.lines[index][2])
        pieces = [(first, last)]
        while continued and index + 1 < len(self.lines):
            index += 1
            first, last, continued = self._piece(index)
            pieces.append((first, last))
        return index + 1, self._entry(begin, index, pieces, continued)

    def _lone_backslash(self, begin: int, first: int, index: int) -> tuple[int, _Item]:
        """A lone backslash that ends the text: an empty entry to Java, unless CRLF follows."""
        end = self.lines[index][2]
        if end == "\r\n":
            return index + 1, _Item(self.text[begin : first + 1], end, continued=True)
        return index + 1, _Item(self.text[begin:first], end, "", "", "", "\\", True)

    def _entry(
        self, begin: int, index: int, pieces: list[tuple[int, int]], continued: bool
    ) -> _Item:
        places = [place for first, last in pieces for place in range(first, last)]
        logical = "".join(self.text[first:last] for first, last in pieces)
        # Both match anything, be it nothing.
        key_end = _KEY.match(logical).end()  # type: ignore[union-attr]
        value_start = _SEPARATOR.match(logical, key_end).end()  # type: ignore[union-attr]
        key = self._unescape(logical[:key_end], places)
        value = self._unescape(logical[value_start:], places[value_start:])
        head_end = places[key_end - 1] + 1 if key_end else places[0]
        body_end = self.lines[index][0] + len(self.lines[index][1])
        return _Item(
            self.text[begin:head_end],
            self.lines[index][2],
            key,
            value,
            logical[key_end:value_start],
            self.text[head_end:body_end],
            continued,
        )

    def _unescape(self, written: str, places: list[int]) -> str:
        text, fault = _unescape(written)
        if fault is not None:
            starts = [line[0] for line in self.lines]
            raise PropertiesError(
                "malformed \\uXXXX escape, four hexadecimal digits are needed",
                bisect.bisect_right(starts, places[fault]),
            )
        return text


class Document:
    """A properties file that can be edited.

    Keys and values are texts as Java sees them, with surrogate pairs joined.
    """

    def __init__(self) -> None:
        self._items: list[_Item] = []
        self._end = "\n"

    @classmethod
    def parse(cls, data: bytes) -> Document:
        """Read a file.

        :arg data: the content as bytes.
        :returns: a Document.
        :raises PropertiesError: Java would refuse the content; has the line.
        """
        document = cls()
        reader = _Reader(data.decode("iso-8859-1"))
        document._items = list(reader.items())
        ends = [line[2] for line in reader.lines if line[2]]
        if ends:
            document._end = Counter(ends).most_common(1)[0][0]
        return document

    def dump(self) -> bytes:
        """The content as bytes; those read, where nothing was edited."""
        return "".join(item.raw() for item in self._items).encode("iso-8859-1")

    def _of(self, key: str) -> list[_Item]:
        key = _combine(key)
        return [item for item in self._items if item.key == key]

    def get(self, key: str, default: str | None = None) -> str | None:
        """The effective value of a key, or the default where it is absent."""
        found = self._of(key)
        return found[-1].value if found else default

    def count(self, key: str) -> int:
        """How many lines give the key a value."""
        return len(self._of(key))

    def __contains__(self, key: str) -> bool:
        return bool(self._of(key))

    def as_dict(self) -> dict[str, str]:
        """Every key with its effective value, as ``Properties.load`` gives them."""
        return {item.key: item.value for item in self._items if item.key is not None}

    def set(self, key: str, value: str) -> bool:
        """Give a key a value.

        The effective line is edited where it stands, other lines of the key are taken out; an
        absent key becomes a new last line.

        :returns: whether the content changed.
        :raises PropertiesError: Spring would expand or execute the value, and the key does not
            already hold it.
        """
        value = _combine(value)
        found = self._of(key)
        held = bool(found) and found[-1].value == value
        if not held and ("${" in value or "#{" in value):
            raise PropertiesError(
                f"the value for {key} has ${{ or #{{, which the server would expand or execute"
            )
        self._take_out(found[:-1])
        if held:
            return len(found) > 1
        if found:
            self._edit(found[-1], value)
        else:
            self._append(_combine(key), value)
        return True

    def remove(self, key: str) -> bool:
        """Take out every line of a key.

        :returns: whether there was one.
        """
        found = self._of(key)
        self._take_out(found)
        return bool(found)

    def _take_out(self, items: list[_Item]) -> None:
        if items:
            gone = set(map(id, items))
            self._items = [item for item in self._items if id(item) not in gone]

    @staticmethod
    def _edit(item: _Item, value: str) -> None:
        item.separator = item.separator or "="
        item.tail = item.separator + _escape_value(value, item.separator)
        item.value = value
        item.continued = False

    def _append(self, key: str, value: str) -> None:
        item = _Item(_escape_key(key), self._end, key)
        self._edit(item, value)
        last = self._items[-1] if self._items else None
        if last is not None and last.key == "" and last.tail == "\\":
            # Only the end of the text makes a lone backslash an entry, so there it has to stay.
            self._items.insert(-1, item)
            return
        if last is not None:
            self._terminate(last)
        self._items.append(item)

    def _terminate(self, last: _Item) -> None:
        """Make sure that nothing is glued to the last line."""
        last.end = last.end or self._end
        if last.continued:
            # An empty line ends the logical line; the same ending, since CR before LF is one.
            last.tail, last.continued = last.tail + last.end, False

    def __repr__(self) -> str:
        return f"<Document of {len(self.as_dict())} keys>"
