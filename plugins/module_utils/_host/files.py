# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server's own files, as they are on disk and as they are to be.

PRIVATE to the collection.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place

# A shipped file has 200.
MOST_LINES = 20_000


@dataclass(frozen=True)
class SettingsFile:
    """A settings file as it is on disk.

    path: as the server names it, which may be a symbolic link. data: its bytes. document: the
    parsed bytes. mode, uid, gid, attributes, read_only: of the file the path leads to,
    as in :class:`_host.place.Content`. link: whether the path is a symbolic link.
    """

    path: str
    data: bytes = field(repr=False)
    document: Document = field(repr=False)
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    link: bool = False
    attributes: tuple[tuple[str, bytes], ...] = ()
    read_only: bool = False


@dataclass(frozen=True)
class PlainFile:
    """A file of the server that holds no settings, as it is on disk; fields as in SettingsFile."""

    path: str
    data: bytes = field(repr=False)
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    link: bool = False
    attributes: tuple[tuple[str, bytes], ...] = ()
    read_only: bool = False
    changed: float = 0.0


@dataclass(frozen=True)
class NewFile:
    """A settings file as it is to be: its bytes, mode and owner, beside what it is."""

    app: str
    old: SettingsFile | PlainFile
    data: bytes = field(repr=False)
    mode: int = 0
    uid: int = 0
    gid: int = 0


def _look(path: str) -> tuple[_place.Content, dict[str, Any]]:
    with _place.find(path) as at:
        found = at.read()
        return found, {
            "path": path,
            "data": found.data,
            "mode": found.mode,
            "uid": found.uid,
            "gid": found.gid,
            "link": at.link,
            "attributes": found.attributes,
            "read_only": found.read_only,
        }


def read_file(path: str) -> SettingsFile:
    """Read and parse one settings file.

    :raises OSError, PropertiesError: when that fails.
    """
    found, fields = _look(path)
    if found.data.count(b"\n") + found.data.count(b"\r") > MOST_LINES:
        raise OSError(errno.EFBIG, f"has more than {MOST_LINES} lines")
    return SettingsFile(document=Document.parse(found.data), **fields)


def read_plain(path: str) -> PlainFile | None:
    """Read one file that holds no settings; None if there is none.

    :raises OSError: when it cannot be read.
    """
    try:
        found, fields = _look(path)
    except FileNotFoundError:
        return None
    return PlainFile(changed=found.changed, **fields)
