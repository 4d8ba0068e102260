# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What everybody who looks for something that overrules works with.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import (
    Document,
    PropertiesError,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.rights import Rights
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    files as _files,
    names as _names,
)

# By how many seconds a process may seem to be older than it is: /proc counts from a whole second.
CLOCK_SECONDS = 2
ROOT = "${red5.root}"
# Files that other files name.
MOST_NAMED = 10 * _files.MOST


@dataclass(frozen=True)
class Named:
    """A name that is given a value somewhere: how, where, for which process and application."""

    way: str
    name: str
    where: str
    when: str = _entry.ALWAYS
    app: str = _entry.EVERY


@dataclass
class Scene:
    """An installation that is looked at, and what was found.

    named: names that were given values. entries: what surely overrules.
    """

    installation: _installation.Installation
    process: _process.Process | None
    files: _files.Files = field(default_factory=_files.Files)
    named: list[Named] = field(default_factory=list)
    entries: list[_entry.Entry] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    @property
    def home(self) -> str:
        """Folder of the installation."""
        return self.installation.home

    @property
    def names(self) -> _names.Names:
        """The names of settings in its version."""
        return _names.of(self.installation.version)

    def path(self, *parts: str) -> str:
        """A path in the home."""
        return os.path.join(self.home, *parts)

    def when(self, file: _files.File) -> str:
        """For which process a file holds: the running one has not read what came later."""
        if not self.process or file.changed > self.process.started + CLOCK_SECONDS:
            return _entry.NEXT
        return _entry.ALWAYS

    def first_time(self, path: str) -> bool:
        """Whether a file that others name was not looked at yet, and may still be.

        Files may name one another, and more of them at every step.
        """
        if path in self._seen:
            return False
        if len(self._seen) >= MOST_NAMED:
            self.files.cannot(
                self.home, f"names more than {MOST_NAMED} files; others were left out"
            )
            return False
        self._seen.add(path)
        return True

    def whole(self, app: str, key: str, way: str, where: str, when: str) -> None:
        """Something may overrule whatever the file of an application says."""
        self.entries.append(_entry.Entry(app, _entry.EVERY, key, way, where, when))

    def understood(self, file: _files.File, read: Callable[..., Any], *more: Any) -> Any:
        """What a reader makes of a file, None where it makes nothing of it."""
        try:
            return read(file.data, *more)
        except _xml.XmlError as error:
            self.files.cannot(file.path, error)
            return None

    def keys_of(
        self, path: str, named_by: Rights | None = None
    ) -> tuple[_files.File, dict[str, str]] | None:
        """A properties file and its keys; None where it is not there, or not understood."""
        file = self.files.read(path, named_by)
        try:
            return (file, Document.parse(file.data).as_dict()) if file else None
        except PropertiesError as error:
            self.files.cannot(path, error)
            return None
