# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a host reported, read by kind: what is missing, or of another kind, is *cannot tell*.

A control never digs in raw mappings. It asks here, and gets a value of the kind it expects, or
:class:`CannotTell` is raised, which whoever runs the control takes for its finding. So a host that
reports nonsense, and one whose account may not see something, come out the same honest way.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible

# Beyond this no host reports anything in good faith.
LONGEST_TEXT, MOST_ROWS, LARGEST = 50_000, 5_000, 1e15
# What is shown of a text that came from a host.
SHOWN = 200

EDITIONS = ("community", "enterprise")
EVERY = "*"
# Settings that decide access, and the others.
_WHOLE = 2
# Ways in which a file is overruled as it should be: nodes of a cluster share a database.
_AS_IT_SHOULD = "database"


class CannotTell(Exception):
    """What a control asks for is not known; the text says why, in a line."""


def shown(text: object, most: int = SHOWN) -> str:
    """A text that came from a host as it may be shown: a line, and not too long."""
    line = _visible.line(text if not isinstance(text, str) else text[: 4 * most])
    return line if len(line) <= most else line[: most - 3] + "..."


class Part:
    """A mapping that a host reported. ``place`` says which, for people."""

    def __init__(self, raw: object, place: str) -> None:
        if not isinstance(raw, Mapping):
            raise CannotTell(f"{place} is not told")
        self._raw, self.place = raw, place

    def has(self, key: str) -> bool:
        """Whether something is told under a key, null too."""
        return key in self._raw

    def known(self, key: str) -> bool:
        """Whether something other than null is told under a key."""
        return self._raw.get(key) is not None

    def text(self, key: str) -> str:
        """A text."""
        found = self._raw.get(key)
        if not isinstance(found, str) or len(found) > LONGEST_TEXT:
            raise self._untold(key)
        return found

    def flag(self, key: str) -> bool:
        """True or false."""
        found = self._raw.get(key)
        if not isinstance(found, bool):
            raise self._untold(key)
        return found

    def number(self, key: str) -> float:
        """A number."""
        found = self._raw.get(key)
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            raise self._untold(key)
        if not abs(found) <= LARGEST:  # it is no comparison that a nan would pass
            raise self._untold(key)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(each for each in self._list(key) if self._is_text(key, each))

    def part(self, key: str) -> Part:
        """A mapping."""
        return Part(self._raw.get(key), self._below(key))

    def rows(self, key: str) -> tuple[Part, ...]:
        """A list of mappings."""
        return tuple(Part(each, self._below(key)) for each in self._list(key))

    def parts(self, key: str) -> dict[str, Part]:
        """A mapping of mappings, by the name of each."""
        inner = self._raw.get(key)
        if not isinstance(inner, Mapping) or len(inner) > MOST_ROWS:
            raise self._untold(key)
        return {str(name): Part(each, self._below(key)) for name, each in inner.items()}

    def names(self) -> tuple[str, ...]:
        """The keys that are told."""
        return tuple(map(str, self._raw))

    def _list(self, key):
        found = self._raw.get(key)
        if not isinstance(found, (list, tuple)) or len(found) > MOST_ROWS:
            raise self._untold(key)
        return found

    def _is_text(self, key, found):
        if not isinstance(found, str) or len(found) > LONGEST_TEXT:
            raise self._untold(key)
        return True

    def _below(self, key):
        return f"{self.place}.{key}" if self.place else key

    def _untold(self, key):
        return CannotTell(f"{self._below(key)} is not told")


@dataclass(frozen=True)
class Remark:
    """What in a settings file is no value: the setting, its key, what the server does of it."""

    setting: str
    key: str
    what: str


@dataclass(frozen=True)
class Entry:
    """What overrules a settings file, as :mod:`_overrule.entry` has it."""

    app: str
    setting: str
    key: str
    way: str
    where: str
    when: str
    fills: bool

    def concerns(self, app: str, setting: str) -> bool:
        """Whether the value of a setting in the file of an application may not be what holds."""
        if self.fills or self.way == _AS_IT_SHOULD:
            return False
        of_app = self.app == app or (bool(app) and self.app == EVERY)
        return of_app and self.setting in (setting, EVERY)


class Place:
    """The settings file of an application, or of the server itself (an empty ``name``)."""

    def __init__(self, evidence: Evidence, name: str, told: Part) -> None:
        self.evidence, self.told = evidence, told
        self.raw_name = name
        self.name = shown(name, 100)
        self._kind = _catalogue.file_of(name)

    @property
    def title(self) -> str:
        """What it is called in a line."""
        return self.name or "the server"

    @property
    def path(self) -> str:
        """Path of the file, as it may be shown."""
        return shown(self.told.text("file"))

    def has(self, setting: str) -> bool:
        """Whether the server's version reads a setting, as far as the host reports it.

        :raises CannotTell: when it is among those that the host reports on demand, and did not.
        """
        if any(texts.has(setting) for texts in self._told):
            return True
        if len(self._told) < _WHOLE and not self._decides_access(setting):
            raise CannotTell(f"{self.title}: {setting} is not told")
        return False

    def _decides_access(self, setting):
        try:
            return _catalogue.by_name(self._kind, setting).realm is not None
        except KeyError:
            return False

    def text(self, setting: str) -> str:
        """The text of a setting that holds, by its newest name; empty for one that is not set.

        :raises CannotTell: when it is not told, something overrules the file, or the running server
            holds another value.
        """
        for entry in self.evidence.overruled:
            if entry.concerns(self.raw_name, setting):
                raise CannotTell(
                    f"{self.title}: {setting} is overruled by {shown(entry.key)} in"
                    f" {shown(entry.where)}"
                )
        if setting in self.evidence.differs.get(self.raw_name, ()):
            raise CannotTell(
                f"{self.title}: the running server holds another {setting} than its file"
            )
        return self.of_file(setting)

    def of_file(self, setting: str) -> str:
        """The text of a setting as the file has it, or its default, whatever overrules it."""
        for texts in self._told:
            if texts.has(setting):
                return texts.text(setting) if texts.known(setting) else ""
        raise CannotTell(f"{self.title}: {setting} is not told")

    def on(self, setting: str) -> bool:
        """Whether a switch is on; off where the version has none."""
        return self.has(setting) and _catalogue.on(self.text(setting))

    def secret(self, setting: str) -> Part | None:
        """How good a secret is, None where there is none.

        It has ``fingerprint``, ``length``, ``sample``, ``digest``, ``shipped`` and ``faults``.
        """
        secrets = self.evidence.found.part("secrets")
        part = secrets.part("apps").part(self.raw_name) if self.raw_name else secrets.part("server")
        if self.has(setting):
            self.text(setting)  # says so where the file is not what holds
        return part.part(setting) if part.has(setting) else None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What in the file is no value."""
        return tuple(
            Remark(shown(row.text("setting")), shown(row.text("key")), shown(row.text("what"), 600))
            for row in self.told.rows("values")
        )

    @property
    def lacks(self) -> tuple[Part, ...]:
        """Filters that are not in their places: ``filter``, what it ``enforces``, the ``fault``."""
        return self.told.rows("filters")

    @property
    def stale_keys(self) -> tuple[str, ...]:
        """Keys that the server does not read, or that another spelling overrules."""
        return tuple(map(shown, self.told.texts("stale_keys")))

    @functools.cached_property
    def _told(self) -> tuple[Part, ...]:
        further = self.evidence.further
        more = further.get(self.raw_name)
        return (self.told.part("settings"), *([more] if more else []))


@dataclass(frozen=True)
class Proof:
    """What the module ``probe`` found of a control of its own."""

    app: str
    control: str
    outcome: str
    reason: str


@dataclass
class Evidence:
    """One host.

    host: its name in the inventory. facts: what the module ``facts`` reported of it, empty where it
    reported nothing. problem: why it did not. groups: of the inventory. fleet: the name under which
    its secrets are kept, empty where the inventory names none. proofs: what ``probe`` found, None
    where it was not asked.
    """

    host: str
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    problem: str = ""
    groups: tuple[str, ...] = ()
    fleet: str = ""
    proofs: tuple[Proof, ...] | None = None

    @functools.cached_property
    def told(self) -> Part:
        """All that it reported."""
        if self.problem:
            raise CannotTell(self.problem)
        return Part(self.facts, "")

    @functools.cached_property
    def found(self) -> Part:
        """What it reported of the host around the server: the parts of ``_evidence/look.py``."""
        return Part(self.told._raw.get("evidence"), "evidence")

    @property
    def faults(self) -> tuple[str, ...]:
        """Why its installation could not be read, or not as a whole."""
        return tuple(map(shown, self.told.texts("faults")))

    @property
    def installed(self) -> bool:
        """Whether there is an installation that could be read, in part at least."""
        return self.told.has("version")

    @functools.cached_property
    def installation(self) -> Part:
        """What it reported of its installation.

        :raises CannotTell: when it has none, or none that could be read; the text says why.
        """
        if not self.installed:
            raise CannotTell("; ".join(self.faults) or "there is no installation")
        return self.told

    @functools.cached_property
    def version(self) -> tuple[int, ...]:
        """The server's version, as numbers."""
        try:
            return _versions.parse(self.installation.text("version"))
        except ValueError:
            raise CannotTell("version is not told") from None

    @property
    def edition(self) -> str:
        """One of :data:`EDITIONS`."""
        found = self.installation.text("edition")
        if found not in EDITIONS:
            raise CannotTell("edition is not told")
        return found

    @property
    def enterprise(self) -> bool:
        """Whether it is the Enterprise edition."""
        return self.edition == "enterprise"

    @property
    def running(self) -> bool:
        """Whether the server runs.

        :raises CannotTell: when nothing says so, and something speaks for it.
        """
        if self.installation.known("process"):
            return True
        if self.told.known("unseen"):
            raise CannotTell(shown(self.told.text("unseen")))
        if not self.told.has("process"):
            raise CannotTell("process is not told")
        return False

    @property
    def server(self) -> Place:
        """The server's own settings."""
        if not self.installation.known("server"):
            raise CannotTell("; ".join(self.faults) or "server is not told")
        return Place(self, "", self.told.part("server"))

    @functools.cached_property
    def apps(self) -> tuple[Place, ...]:
        """The settings of each application that could be read."""
        told = self.installation.parts("apps")
        return tuple(Place(self, name, told[name]) for name in sorted(told))

    def places(self) -> Iterator[Place]:
        """The server's settings, and those of each application."""
        yield self.server
        yield from self.apps

    @property
    def unread_apps(self) -> tuple[str, ...]:
        """Why the files of some applications could not be read."""
        return tuple(fault for fault in self.faults if "/webapps/" in fault)

    @functools.cached_property
    def overruled(self) -> tuple[Entry, ...]:
        """What overrules the settings files."""
        return tuple(
            Entry(
                **{name: row.text(name) for name in ("app", "setting", "key", "way", "where")},
                when=row.text("when"),
                fills=row.flag("fills"),
            )
            for row in self.installation.rows("overruled")
        )

    @functools.cached_property
    def differs(self) -> dict[str, tuple[str, ...]]:
        """Settings that the running server holds otherwise than its files, by application."""
        inner = self.installation.part("memory").part("differs")
        return {name: inner.texts(name) for name in inner.names()}

    @functools.cached_property
    def further(self) -> dict[str, Part]:
        """Further settings, by application."""
        if not self.found.known("settings"):
            return {}
        part = self.found.part("settings")
        return {"": part.part("server"), **part.parts("apps")}

    @property
    def operator(self) -> str:
        """The address that the run came from, empty where it is not known."""
        return self.found.part("machine").text("operator")

    def unread(self) -> tuple[str, ...]:
        """What could not be looked at, with the reasons."""
        found: Sequence[str] = ()
        for part, key in ((self.told, "unread"), (self.found, "unread")):
            if part.has(key):
                found = [*found, *part.texts(key)]
        return tuple(dict.fromkeys(map(shown, (*self.faults, *found))))
