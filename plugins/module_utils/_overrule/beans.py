# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What files of Spring's beans do to the settings of an application, or of the server.

As shipped, such a file names one properties file to fill in values from, and leaves the bean that
holds the settings to that. Whatever else it says about either is found here.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
)

CONTEXT = "http://www.springframework.org/schema/context"
SHORTCUT = "http://www.springframework.org/schema/p"

# What is asked for a key beside the files, by how it is asked.
ALL = frozenset((_entry.PARAMETER, _entry.NAMING, _entry.PROPERTY, _entry.ENVIRONMENT))
SYSTEM = frozenset((_entry.PROPERTY, _entry.ENVIRONMENT))
NONE: frozenset = frozenset()

# The old way to fill in values: what is asked before the files and after them, by its mode.
_MODES = {
    "FALLBACK": (NONE, SYSTEM),
    "OVERRIDE": (SYSTEM, NONE),
    "NEVER": (NONE, NONE),
}
_NUMBERS = {"0": "NEVER", "1": "FALLBACK", "2": "OVERRIDE"}
_NEW, _OLD = "PropertySourcesPlaceholderConfigurer", "PropertyPlaceholderConfigurer"
_OVERRIDE = ("PropertyOverrideConfigurer", "property-override")
_FILES = ("location", "locations")
_INLINE = ("properties", "propertiesArray")
# What of a bean means that its properties are not all there is to say about it.
_OTHERWISE = ("parent", "factory-bean", "factory-method", "init-method")
_BUILT = ("lookup-method", "replaced-method")

# Attributes that do something.
_ACTS = ("value", "key", "factory-method", "init-method", "destroy-method")

# A property, a list in it, its values.
_LEVELS = 3

_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")
_WORD = re.compile(r"[A-Za-z][\w.]*")
_SEPARATORS = re.compile(r"[,;\s]+")


@dataclass(frozen=True)
class Filler:
    """One that fills in values.

    files: the locations it reads, the last of which wins. inline: whether it has values of its
    own that win over them. before, after: the ways that are asked before the files and after them.
    order: of several the lowest is asked, and it alone.
    """

    files: tuple[str, ...]
    inline: bool = False
    before: frozenset = ALL
    after: frozenset = NONE
    order: int = 2**31 - 1


@dataclass(frozen=True)
class Beans:
    """What a file of beans says.

    fillers: those that fill in values, in their order. given: properties that the bean of the
    settings is given. odd: why its properties are not all there is to it, in words. holders: how
    many beans hold the settings. words: those that stand anywhere else and may set something, by
    their small letters. imports: locations of further files. properties: values by the names of
    properties, of all beans.
    """

    fillers: tuple[Filler, ...] = ()
    given: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    holders: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    imports: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()


@functools.lru_cache(maxsize=64)
def read(data: bytes, bean: tuple[str, str]) -> Beans:
    """What a file says.

    :arg bean: name and class of the bean that holds the settings.
    :raises XmlError: when it cannot be read.
    """
    root = _xml.parse(data)
    fillers: list[Filler] = []
    given: list[str] = []
    odd: list[str] = []
    imports: list[str] = []
    properties: list[tuple[str, str]] = []
    words: dict[str, str] = {}
    holders = 0
    for element in root.walk():
        kind = element.attributes.get("class", "").rpartition(".")[2]
        if element.name == "property-placeholder" and element.space == CONTEXT:
            fillers.append(_filler(element))
        elif kind in (_NEW, _OLD):
            fillers.append(_configurer(element, kind))
        elif kind == _OVERRIDE[0] or (element.name, element.space) == (_OVERRIDE[1], CONTEXT):
            odd.append("a PropertyOverrideConfigurer, which gives beans other properties")
        elif element.name == "import":
            imports.append(element.attributes.get("resource", ""))
        elif element.name == "alias" and element.attributes.get("alias") == bean[0]:
            odd.append(f"an alias {bean[0]}")
        elif _holds(element, bean):
            holders += 1
            given += _given(element)
            odd += _odd(element, bean)
            continue
        if element.name == "property":
            properties.append((element.attributes.get("name", ""), _values(element)))
        words.update((word.lower(), word) for word in _words(element))
    return Beans(
        tuple(fillers),
        tuple(given),
        tuple(odd),
        holders,
        words,
        tuple(imports),
        tuple(properties),
    )


def _holds(element, bean):
    if element.name != "bean":
        return False
    names = [element.attributes.get("id", "")]
    names += _SEPARATORS.split(element.attributes.get("name", ""))
    return bean[0] in names or element.attributes.get("class") == bean[1]


def _given(element: Any) -> Iterator[str]:
    """Properties that a bean is given, as elements in it or as attributes."""
    for child in element.all("property"):
        yield child.attributes.get("name", "")
    for name in element.attributes:
        space, _blank, local = name.rpartition(" ")
        if space == SHORTCUT:
            yield local[:-4] if local.endswith("-ref") else local


def _odd(element: Any, bean: Any) -> Iterator[str]:
    for name in _OTHERWISE:
        if name in element.attributes:
            yield f"the bean {bean[0]} with the attribute {name}"
    if element.attributes.get("class") != bean[1]:
        yield f"the bean {bean[0]} of another class"
    for name in _BUILT:
        if element.all(name):
            yield f"the bean {bean[0]} with a {name}"


def _values(element):
    """The values in a property, with blanks between them: its own, or those of a list in it."""
    found, level = [element.attributes.get("value", "")], [element]
    for _depth in range(_LEVELS):
        found += [inner.text.strip() for inner in level]
        level = [child for inner in level for child in inner.children]
    return " ".join(filter(None, found))


def _words(element: Any) -> Iterator[str]:
    """Words of an element that may set something: of expressions, arguments and maps.

    What a bean or a property is called says nothing, and a placeholder only asks for a value.
    """
    texts = [text for name, text in element.attributes.items() if _acts(name, text)]
    for text in (*texts, element.text):
        for word in _WORD.findall(_PLACEHOLDER.sub(" ", text)) if text else ():
            yield word
            # In an expression it may be the last of several, with dots between them.
            yield from word.split(".") if "." in word else ()


def _acts(name, text):
    space, _blank, local = name.rpartition(" ")
    if space:
        return not local.endswith("-ref")
    return local in _ACTS or "#{" in text


def _locations(text):
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _number(text):
    try:
        return int(text.strip())
    except ValueError:
        return Filler.order


def _asked(mode, local):
    """What is asked before the files and after them.

    :arg mode: of the old way; empty for the new one.
    :arg local: of the new way, whether the files come first.
    """
    if mode:
        return _MODES.get(mode, (ALL, NONE))
    return (NONE, ALL) if local else (ALL, NONE)


def _filler(element):
    """Of the short form, an element of its own."""
    said = element.attributes
    mode = said.get("system-properties-mode", "ENVIRONMENT")
    local = said.get("local-override") == "true"
    before, after = _asked("" if mode == "ENVIRONMENT" else mode, local)
    return Filler(
        _locations(said.get("location", "")),
        local and "properties-ref" in said,
        before,
        after,
        _number(said.get("order", "")),
    )


def _configurer(element, kind):
    """Of the long form, a bean."""
    said = {child.attributes.get("name", ""): _values(child) for child in element.all("property")}
    for name, text in element.attributes.items():
        space, _blank, local = name.rpartition(" ")
        if space == SHORTCUT:
            said[local] = text
    mode = said.get("systemPropertiesModeName", said.get("systemPropertiesMode", "FALLBACK"))
    mode = _NUMBERS.get(mode, mode.replace("SYSTEM_PROPERTIES_MODE_", ""))
    local = said.get("localOverride") == "true"
    before, after = _asked(mode if kind == _OLD else "", local)
    return Filler(
        tuple(part for name in _FILES for part in _SEPARATORS.split(said.get(name, "")) if part),
        "propertySources" in said or (local and any(name in said for name in _INLINE)),
        before,
        after,
        _number(said.get("order", "")),
    )
