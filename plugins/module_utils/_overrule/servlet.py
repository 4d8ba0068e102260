# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the files of the web server inside give to an application before its own settings.

Spring asks parameters of the context and JNDI for a key before it asks the application's file.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Collection

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
)

# Which files of beans an application has, where it is not as shipped.
LOCATIONS = "contextConfigLocation"
# What makes the application of other parts altogether.
OTHER_PARTS = ("contextClass", "parentContextKey")

_NAMES = re.compile(rb"<(?:[\w.-]+:)?(?:param-name|env-entry-name)(?:\s[^<>]*)?>([^<]*)<")
# What a name could be hidden with from the expression above.
_DISGUISES = (b"&", b"<![", b"\0")

# What gives a name in JNDI a value, if only an empty one.
_NAMED = ("Environment", "Resource")

# Folders of an application that hold no settings: what is mounted there is of no interest.
_ELSEWHERE = ("/WEB-INF/classes", "/WEB-INF/lib")


@dataclass(frozen=True)
class Found:
    """What a file gives: pairs of the way and the name; of parameters the values; folders that
    stand in the place of the application's own."""

    names: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    mounts: tuple[str, ...] = ()


def says_nothing(data: bytes, keys: Collection[str]) -> bool:
    """Whether a deployment descriptor surely gives nothing: it is not worth to be read in full."""
    if any(disguise in data for disguise in _DISGUISES):
        return False
    names = {name.strip().decode("utf-8", "replace") for name in _NAMES.findall(data)}
    return names.isdisjoint(keys) and names.isdisjoint((LOCATIONS, *OTHER_PARTS))


@functools.lru_cache(maxsize=64)
def descriptor(data: bytes) -> Found:
    """What a ``web.xml``, or a part of one, gives.

    :raises XmlError: when it cannot be read.
    """
    root = _xml.parse(data)
    parameters = tuple(
        (element.first("param-name"), element.first("param-value"))
        for element in root.all("context-param")
    )
    entries = [element.first("env-entry-name") for element in root.all("env-entry")]
    names = [(_entry.PARAMETER, name) for name, _value in parameters]
    names += [(_entry.NAMING, name) for name in entries]
    return Found(tuple(names), parameters)


@functools.lru_cache(maxsize=64)
def context(data: bytes) -> Found:
    """What a ``context.xml`` gives.

    :raises XmlError: when it cannot be read.
    """
    root = _xml.parse(data)
    parameters = tuple(
        (element.attributes.get("name", ""), element.attributes.get("value", ""))
        for element in root.all("Parameter")
    )
    entries = [element.attributes.get("name", "") for kind in _NAMED for element in root.all(kind)]
    names = [(_entry.PARAMETER, name) for name, _value in parameters]
    names += [(_entry.NAMING, name) for name in entries]
    mounts = [
        element.attributes.get("base", "")
        for resources in root.all("Resources")
        for element in resources.all("PreResources")
        if _covers(element.attributes.get("webAppMount", "/"))
    ]
    return Found(tuple(names), parameters, tuple(mounts))


def _covers(mount):
    """Whether what is mounted at a place can stand in the place of an application's settings."""
    mount = mount.rstrip("/")
    if mount.startswith(_ELSEWHERE):
        return False
    return mount in ("", "/WEB-INF") or mount.startswith("/WEB-INF/")
