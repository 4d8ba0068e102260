# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An XML file as a tree, read in linear time whatever is in it.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator
from xml.parsers import expat

# A shipped file has 200 elements, six in one another.
MOST_ELEMENTS = 20_000
DEEPEST = 50


class XmlError(ValueError):
    """The file is none, or not one to be read; the text says why, without a path."""


@dataclass
class Element:
    """An element: its names, its attributes by name, its text, and what is in it.

    An attribute of another namespace has that and a blank before its name.
    """

    space: str
    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        """The elements of a name directly in it."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> str:
        """The text of the first of those, without the blanks around it."""
        return next((child.text.strip() for child in self.children if child.name == name), "")

    def walk(self) -> Iterator[Element]:
        """The element and all in it, in their order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


def parse(data: bytes, namespaces: bool = True, doctype: bool = True) -> Element:
    """The root element of a file.

    :kwarg namespaces: whether it has any; else names are as they are written, prefixes and all.
    :kwarg doctype: whether it may name a document type, which is not looked at.
    :raises XmlError: when it cannot be read.
    """
    parser = expat.ParserCreate(namespace_separator=" " if namespaces else None)
    parser.buffer_text = True
    root = Element("", "", {})
    open_ = [root]
    texts: list[list[str]] = [[]]
    count = 0

    def start(name, attributes):
        nonlocal count
        count += 1
        if len(open_) > DEEPEST:
            raise XmlError(f"has more than {DEEPEST} elements in one another")
        if count > MOST_ELEMENTS:
            raise XmlError(f"has more than {MOST_ELEMENTS} elements")
        space, _blank, local = name.rpartition(" ")
        element = Element(space, local, attributes)
        open_[-1].children.append(element)
        open_.append(element)
        texts.append([])

    def end(_name):
        open_.pop().text = "".join(texts.pop())

    def document_type(_name, _system, _public, internal):
        # At once: what it declares could unfold to any length.
        if not doctype:
            raise XmlError(
                "has a document type, which could hold parts of it elsewhere; take it out"
            )
        if internal:
            raise XmlError("declares a document type of its own")

    def text(data):
        texts[-1].append(data)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        why = str(error) if isinstance(error, XmlError) else f"is not well-formed XML: {error}"
        raise XmlError(why) from None
    return root.children[0]
