# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which system properties the configuration of the server's log sets, long before any bean is.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml

_NAMED = ("name", "key", "as")
_FILES = ("file", "resource", "url")


@dataclass(frozen=True)
class Log:
    """What a configuration says: names that it sets, locations of files whose every line it sets,
    and locations of further configurations."""

    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()


def is_one(name: str) -> bool:
    """Whether a file, by its name, may be a configuration of the log."""
    return name.startswith("logback") and name.endswith(".xml")


def read(data: bytes) -> Log:
    """What a configuration says.

    :raises XmlError: when it cannot be read.
    """
    names, files, includes = [], [], []
    for element in _xml.parse(data).walk():
        said = element.attributes
        if element.name == "include":
            includes += [said[name] for name in _FILES if name in said]
        elif said.get("scope", "").lower() == "system":
            names += [said[name] for name in _NAMED if name in said]
            files += [said[name] for name in _FILES if name in said]
    return Log(tuple(names), tuple(files), tuple(includes))
