# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading what may overrule a settings file, and remembering what could not be read.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Callable, Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place
from ansible_collections.streamward.antmedia.plugins.module_utils._host.rights import Rights

# How many things of one kind are looked at. A shipped server has a handful of each.
MOST = 100

_NOT_THERE = (FileNotFoundError, NotADirectoryError)


@dataclass(frozen=True)
class File:
    """A file as it was read: its bytes, when it was written, and whose rights its author has."""

    path: str
    data: bytes = field(repr=False)
    changed: float
    author: Rights | None

    @property
    def text(self) -> str:
        """Its text; what is no UTF-8 names no setting."""
        return self.data.decode("utf-8", "replace")


class Files:
    """Reads files; ``unread`` has what could not be read, with the reason."""

    def __init__(self) -> None:
        self.unread: list[str] = []

    def few(self, what: str, items: Iterable) -> list:
        """As many of some items as are looked at.

        :arg what: where they are from.
        """
        found = list(items)
        if len(found) > MOST:
            self.cannot(what, f"names more than {MOST} of a kind; the others were left out")
        return found[:MOST]

    def cannot(self, path: str, reason: object) -> None:
        """Remember that something was not looked at."""
        text = f"{path}: {getattr(reason, 'strerror', None) or reason}"
        if text not in self.unread:
            self.unread.append(text)

    def read(self, path: str, named_by: Rights | None = None, quiet: bool = False) -> File | None:
        """A file; None where there is none, or none that can be read.

        :kwarg named_by: as for :func:`_place.find`.
        :kwarg quiet: whether it need not be one that can be read.
        """
        try:
            with _place.find(path, named_by) as at:
                return self._file(path, at, at.read())
        except _NOT_THERE:
            return None
        except OSError as error:
            if not quiet:
                self.cannot(path, error)
            return None

    def folder(
        self, path: str, wanted: Callable[[str], bool] | None = None, named_by: Rights | None = None
    ) -> tuple[list[str], dict[str, File]]:
        """The names in a folder, and those of its files that are wanted.

        :kwarg wanted: tells by its name whether a file is.
        :kwarg named_by: as for :func:`_place.find`.
        """
        found: dict[str, File] = {}
        try:
            with _place.find(path + "/", named_by) as at:
                names = at.names()
                for name in self.few(path, filter(wanted, names)) if wanted else ():
                    try:
                        whole = os.path.join(path, name)
                        found[name] = self._file(whole, at, at.read(name))
                    except _NOT_THERE:
                        continue
                    except OSError as error:
                        self.cannot(whole, error)
                return names, found
        except _NOT_THERE:
            return [], {}
        except OSError as error:
            self.cannot(path, error)
            return [], {}

    @staticmethod
    def _file(path: str, at: _place.Place, content: _place.Content) -> File:
        return File(path, content.data, content.changed, _place.author(at, content))
