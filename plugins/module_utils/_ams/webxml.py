# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Tomcat takes from the XML that wires an application: ``web.xml``, ``context.xml``.

Names are compared as they are written, prefixes and all, and an element counts only in its very
place: so does Tomcat.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml

# What Java trims.
_BLANKS = "".join(map(chr, range(33)))


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


def _root(data: bytes) -> _xml.Element:
    return _xml.parse(data, namespaces=False, doctype=False)


def parse(data: bytes, root: str = "web-app") -> WebXml:
    """What a ``web.xml`` says, or a ``web-fragment.xml``.

    :kwarg root: the element that all stands in.
    :raises XmlError: when it is not read.
    """
    top = _root(data)
    filters, mappings, servlets, addresses = {}, [], {}, []
    for element in top.children if top.name == root else ():
        kind = element.name
        name = _last(element, f"{kind.partition('-')[0]}-name")
        if kind == "filter":
            filters[name] = _last(element, "filter-class")
        elif kind == "servlet":
            values = [
                text for one in element.all("init-param") for text in _texts(one, "param-value")
            ]
            servlets[name] = Servlet(_last(element, "servlet-class"), tuple(values))
        elif kind == "servlet-mapping":
            addresses += [(name, pattern) for pattern in _patterns(element)]
        elif kind == "filter-mapping" and _of_requests(element):
            before = tuple(_texts(element, "servlet-name"))
            mappings.append(Mapping(name, _patterns(element), before))
    whole = top.attributes.get("metadata-complete") == "true"
    return WebXml(filters, tuple(mappings), servlets, tuple(addresses), whole)


def _texts(element: _xml.Element, name: str) -> list[str]:
    return [child.text.strip(_BLANKS) for child in element.all(name)]


def _last(element: _xml.Element, name: str) -> str:
    return (_texts(element, name) or [""])[-1]


def _patterns(element: _xml.Element) -> tuple[str, ...]:
    return tuple(unquote(text) for text in _texts(element, "url-pattern"))


def _of_requests(element: _xml.Element) -> bool:
    """Whether a filter looks at what comes from outside: so it is if nothing is said."""
    said = _texts(element, "dispatcher") or ["REQUEST"]
    return "REQUEST" in (text.upper() for text in said)


# What lays files over those of an application.
_LAID_OVER = "PreResources"


def diverted(data: bytes) -> str:
    """Why the ``web.xml`` of an application may not be what counts, by a ``context.xml``.

    :returns: a text, empty if nothing is in the way.
    :raises XmlError: when it is not read.
    """
    root = _root(data)
    for element in root.walk():
        if element.name == _LAID_OVER:
            mount = element.attributes.get("webAppMount", "/").rstrip("/") + "/"
            if "/WEB-INF/".startswith(mount) or mount.startswith("/WEB-INF/"):
                return f"lays other files over WEB-INF ({_LAID_OVER})"
    if root.name == "Context" and root.attributes.get("altDDName"):
        return "names another web.xml (altDDName)"
    return ""
