# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose word the server takes for where a request came from, in ``conf/jee-container.xml``.

The file installs Tomcat's RemoteIpValve with Tomcat's defaults: every peer with a private address
may name any client in X-Forwarded-For, 127.0.0.1 too. Only the valve's own two properties are
touched; all other bytes stay as they are.

Pure: bytes in, bytes out.

PRIVATE to the collection.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple
from xml.parsers import expat

VALVE = "org.apache.catalina.valves.RemoteIpValve"

# Both name proxies that are believed; with the second, their addresses are passed on as well.
INTERNAL = "internalProxies"
TRUSTED = "trustedProxies"

NAMESPACE = "http://www.springframework.org/schema/beans"
SHORTCUT = "http://www.springframework.org/schema/p"
# A shipped file has six levels.
DEEPEST = 100
_INHERITED = ("parent", "factory-bean", "factory-method", "abstract")


class ValveError(ValueError):
    """The file is not one that this module understands; the text says why, without a path."""


def wanted(expression: str) -> dict[str, str | None]:
    """What a valve has that believes the peers an expression matches, and no others."""
    return {INTERNAL: expression, TRUSTED: None}


def current(data: bytes) -> dict[str, str | None]:
    """The expressions of a file by property; None where it leaves Tomcat's default.

    :raises ValveError: when the file is not understood.
    """
    found: dict[str, str | None] = {INTERNAL: None, TRUSTED: None}
    for each in _found(data).properties:
        found[each.attributes["name"]] = each.attributes.get("value", each.text)
    return found


def edit(data: bytes, expression: str) -> bytes:
    """A file whose valve believes the peers an expression matches, and no others.

    :returns: the bytes; the same where nothing has to change.
    :raises ValveError: when the file is not understood.
    """
    bean, properties = _found(data)
    if current(data) == wanted(expression) and len(properties) == 1:
        return data
    prefix = _prefix(data[bean.begin :]).decode("utf-8")
    values = f"name={_attribute(INTERNAL)} value={_attribute(expression)}"
    line = f"<{prefix}property {values} />".encode()
    result = data
    if properties:
        first, *others = properties
        for each in reversed(others):
            result = result[: _line_before(result, each.begin)] + result[each.end :]
        result = result[: first.begin] + line + result[first.end :]
    else:
        result = _filled(data, bean, line)
    if current(result) != wanted(expression):
        raise ValveError("has a RemoteIpValve in a form that cannot be edited in place")
    return result


class _Element(NamedTuple):
    """An element: its attributes, its place in the bytes, and the text of the values in it."""

    attributes: dict[str, str]
    begin: int
    end: int
    text: str


class _Valve(NamedTuple):
    """The valve's element, and properties of it."""

    bean: _Element
    properties: list[_Element]


def _found(data: bytes) -> _Valve:
    """The valve, and those of its properties that name proxies."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise ValveError("is not written in UTF-8") from None
    if data[:3] == b"\xef\xbb\xbf" or b"\0" in data:
        raise ValveError("is not written in plain UTF-8")
    valves = _Reader(data).read()
    if not valves:
        raise ValveError(
            f"has no RemoteIpValve: put back the line <bean class={_attribute(VALVE)} /> of the"
            " shipped file"
        )
    if len(valves) > 1:
        raise ValveError("has more than one RemoteIpValve: leave one")
    bean, properties = valves[0]
    for name in bean.attributes:
        space, _blank, local = name.rpartition(" ")
        if local in _INHERITED or (space == SHORTCUT and local in (INTERNAL, TRUSTED)):
            raise ValveError(
                f"has a RemoteIpValve with the attribute {local}: write its properties as elements"
                " inside it"
            )
    named = [each for each in properties if each.attributes.get("name") in (INTERNAL, TRUSTED)]
    return _Valve(bean, named)


class _Open(NamedTuple):
    """An element that has begun: its start tag, and the texts that have come in it so far."""

    name: str
    attributes: dict[str, str]
    begin: int
    texts: list[str]


class _Reader:
    """Finds the valves and their properties in a file, by place."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.open: list[_Open] = []
        self.valves: list[_Valve] = []
        # Of the valve that is open, and how deep inside it they are.
        self.properties: list[_Element] | None = None
        self.depth = 0

    def read(self) -> list[_Valve]:
        try:
            self.parser.Parse(self.data, True)
        except ValveError:
            raise
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise ValveError(f"is not well-formed XML: {error}") from None
        return self.valves

    def _doctype(self, *_ignored: object) -> None:
        # At once: what it declares could unfold to any length.
        raise ValveError("has a document type, which could hold parts of it elsewhere")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) == DEEPEST:
            raise ValveError(f"has more than {DEEPEST} elements in one another")
        self.open.append(_Open(name, attributes, self.parser.CurrentByteIndex, []))
        if name == NAMESPACE + " bean" and attributes.get("class") == VALVE:
            self.properties = []
            self.depth = len(self.open)

    def _characters(self, text: str) -> None:
        for element in self.open:
            element.texts.append(text)

    def _end(self, _name: str) -> None:
        name, attributes, begin, texts = self.open.pop()
        end = _tag_end(self.data, begin)
        if self.data[end - 2 : end] != b"/>":
            end = self.data.index(b">", self.parser.CurrentByteIndex) + 1
        element = _Element(attributes, begin, end, "".join(texts).strip())
        if self.properties is None:
            return
        if len(self.open) == self.depth and name == NAMESPACE + " property":
            self.properties.append(element)
        elif len(self.open) < self.depth:
            self.valves.append(_Valve(element, self.properties))
            self.properties = None


def _attribute(text: str) -> str:
    """The value of an attribute. By ``html``, since ``xml.sax`` loads half a library for it."""
    return f'"{html.escape(text)}"'


def _line_before(data: bytes, place: int) -> int:
    """Where the blanks before a place begin, with the end of the line before them."""
    begin = place
    while begin and data[begin - 1 : begin] in (b" ", b"\t"):
        begin -= 1
    if data[:begin].endswith(b"\n"):
        begin -= 2 if data[:begin].endswith(b"\r\n") else 1
        return begin
    return place


def _filled(data: bytes, bean: _Element, line: bytes) -> bytes:
    """The file with a line put into the valve's element, which has none of its own."""
    begin_of_line = data.rfind(b"\n", 0, bean.begin) + 1
    before = data[begin_of_line : bean.begin]
    blanks = before[: len(before) - len(before.lstrip(b" \t"))]
    newline = b"\r\n" if data[:begin_of_line].endswith(b"\r\n") else b"\n"
    inner = newline + blanks + b"\t" + line
    tag_end = _tag_end(data, bean.begin)
    tag = data[bean.begin : tag_end]
    if not tag.endswith(b"/>"):
        return data[:tag_end] + inner + data[tag_end:]
    opened = tag[:-2].rstrip() + b">"
    closed = newline + blanks + b"</" + _prefix(tag) + b"bean>"
    return data[: bean.begin] + opened + inner + closed + data[tag_end:]


def _prefix(data: bytes) -> bytes:
    """The prefix of the name of the element that bytes begin with, with its colon."""
    name = re.split(rb"[\s/>]", data[1:], maxsplit=1)[0]
    space, colon, _local = name.rpartition(b":")
    return space + colon


_TAG = re.compile(rb"<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")


def _tag_end(data: bytes, place: int) -> int:
    """Where the start tag at a place ends."""
    return _TAG.match(data, place).end()  # type: ignore[union-attr] # the parser saw it
