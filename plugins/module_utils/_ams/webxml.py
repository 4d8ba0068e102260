# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Tomcat takes from the XML that wires an application: ``web.xml``, ``context.xml``.

Names are compared as they are written, prefixes and all, and an element counts only in its very
place: so does Tomcat.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.parsers import expat

# A shipped web.xml has 200 elements, five in one another.
MOST_ELEMENTS = 20_000
DEEPEST = 50
# What Java trims.
_BLANKS = "".join(map(chr, range(33)))


class XmlError(ValueError):
    """A file that is not read; the text says why."""


@dataclass(frozen=True)
class Mapping:
    """Where a filter stands: its name, address patterns, and the servlets that it stands before."""

    name: str
    patterns: tuple[str, ...] = ()
    servlets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Servlet:
    """What answers: the name of its class, and the values of its parameters."""

    name: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class WebXml:
    """What a ``web.xml`` says.

    filters: the class of each filter by name. mappings: those that requests from outside go
    through, in order. servlets: by name. addresses: pairs of a servlet's name and a pattern.
    complete: whether it has nothing joined that archives bring.
    """

    filters: dict[str, str] = field(default_factory=dict)
    mappings: tuple[Mapping, ...] = ()
    servlets: dict[str, Servlet] = field(default_factory=dict)
    addresses: tuple[tuple[str, str], ...] = ()
    complete: bool = False

    def over(self, other: WebXml) -> WebXml:
        """The two as Tomcat joins them: this of an application, the other of somebody else."""
        return WebXml(
            {**other.filters, **self.filters},
            self.mappings + other.mappings,
            {**other.servlets, **self.servlets},
            self.addresses
            + tuple(pair for pair in other.addresses if pair[0] not in self.servlets),
            self.complete,
        )


@dataclass(frozen=True)
class _Element:
    """An element: the names of those around it and its own, its attributes, its text."""

    path: tuple[str, ...]
    attributes: dict[str, str]
    text: str


class _Reader:
    """The elements of a file, in the order in which they end."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.open: list[tuple[str, dict[str, str], list[str]]] = []
        self.found: list[_Element] = []
        self.count = 0

    def read(self, data: bytes) -> list[_Element]:
        try:
            self.parser.Parse(data, True)
        except XmlError:
            raise
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise XmlError(f"is no well-formed XML: {error}") from None
        return self.found

    def _doctype(self, *_ignored):
        # At once: what it declares could unfold to any length.
        raise XmlError("has a document type, which could hold parts of it elsewhere; take it out")

    def _start(self, name, attributes):
        self.count += 1
        if len(self.open) == DEEPEST:
            raise XmlError(f"has more than {DEEPEST} elements in one another")
        if self.count > MOST_ELEMENTS:
            raise XmlError(f"has more than {MOST_ELEMENTS} elements")
        self.open.append((name, attributes, []))

    def _characters(self, text):
        if self.open:
            self.open[-1][2].append(text)

    def _end(self, _name):
        path = tuple(name for name, _attributes, _texts in self.open)
        _name, attributes, texts = self.open.pop()
        self.found.append(_Element(path, attributes, "".join(texts).strip(_BLANKS)))


def parse(data: bytes, root: str = "web-app") -> WebXml:
    """What a ``web.xml`` says, or a ``web-fragment.xml``.

    :kwarg root: the element that all stands in.
    :raises XmlError: when it is not read.
    """
    elements = _Reader().read(data)
    filters, mappings, servlets, addresses = {}, [], {}, []
    for kind, parts in _groups(elements, root):
        name = parts.get(f"{kind.partition('-')[0]}-name", [""])[-1]
        if kind == "filter":
            filters[name] = parts.get("filter-class", [""])[-1]
        elif kind == "servlet":
            class_ = parts.get("servlet-class", [""])[-1]
            servlets[name] = Servlet(class_, tuple(parts.get("init-param/param-value", ())))
        elif kind == "servlet-mapping":
            addresses += [(name, pattern) for pattern in _patterns(parts)]
        elif kind == "filter-mapping" and _of_requests(parts):
            before = tuple(parts.get("servlet-name", ()))
            mappings.append(Mapping(name, _patterns(parts), before))
    whole = elements[-1].attributes.get("metadata-complete") == "true"
    return WebXml(filters, tuple(mappings), servlets, tuple(addresses), whole)


def _groups(elements: list[_Element], root: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """What stands directly in the root: its name, and the texts of what is in it by name."""
    parts: dict[str, list[str]] = {}
    for element in elements:
        if element.path[0] != root or len(element.path) == 1:
            continue
        if len(element.path) == 2:
            yield element.path[1], parts
            parts = {}
        else:
            parts.setdefault("/".join(element.path[2:]), []).append(element.text)


def _patterns(parts):
    return tuple(unquote(text) for text in parts.get("url-pattern", ()))


def _of_requests(parts):
    """Whether a filter looks at what comes from outside: so it is if nothing is said."""
    said = parts.get("dispatcher", ["REQUEST"])
    return "REQUEST" in (text.upper() for text in said)


# What lays files over those of an application.
_LAID_OVER = "PreResources"


def diverted(data: bytes) -> str:
    """Why the ``web.xml`` of an application may not be what counts, by a ``context.xml``.

    :returns: a text, empty if nothing is in the way.
    :raises XmlError: when it is not read.
    """
    for element in _Reader().read(data):
        if element.path == ("Context",) and element.attributes.get("altDDName"):
            return "names another web.xml (altDDName)"
        if element.path[-1] == _LAID_OVER:
            mount = element.attributes.get("webAppMount", "/").rstrip("/") + "/"
            if "/WEB-INF/".startswith(mount) or mount.startswith("/WEB-INF/"):
                return f"lays other files over WEB-INF ({_LAID_OVER})"
    return ""
