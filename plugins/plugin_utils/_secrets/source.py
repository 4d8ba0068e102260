# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the secret for a token comes from: the inventory's variables and the store.

Both say it of one application, or of all. A secret of the one application counts before one of all,
and of two at the same place the variable's counts. So it is for what servers are given, by
:func:`_secrets.merged`, and so it is here.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secrets as _secrets,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    variables as _variables,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    DEFAULT_APP,
    VERSIONS,
)

if TYPE_CHECKING:  # only who has a store pays for what it needs
    from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Context


class SecretSourceError(ValueError):
    """There is no such secret; the message says which variable or scope would hold it."""


@dataclass(frozen=True)
class Secrets:
    """The versions of one secret, empty texts for those there are not. Never shown by ``repr``."""

    origin: str
    pending: str = ""
    current: str = ""
    previous: str = ""

    def __repr__(self) -> str:
        held = ", ".join(name for name in VERSIONS if getattr(self, name))
        return f"<Secrets of {self.origin}: {held or 'none'}>"


class Scopes(Protocol):
    """What a store has, by scope."""

    def read(self, scope: str) -> Mapping | None: ...


class _Fleet:
    """A fleet's documents in a store, read once a run."""

    def __init__(self, config: Any, context: Context, fleet: str) -> None:
        # Only who has a store pays for what it needs.
        from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
            context as _context,
        )

        self._documents = _context.Reader(config, context).documents(fleet)

    def read(self, scope: str) -> Mapping | None:
        return self._documents.get(scope)


def _text(entry):
    entry = entry.get("secret") if isinstance(entry, Mapping) else entry
    return str(entry) if entry else ""


class Source:
    """Finds secrets, and opens the store only when a variable does not do.

    :ivar variables: those of :data:`_variables.USED`; plain values, nothing left to template.
    :kwarg store: an open store.
    :kwarg context: a function without arguments that gives what a store needs from the run, a
        ``_store.Context``.
    """

    def __init__(
        self,
        variables: Mapping[str, Any],
        store: Scopes | None = None,
        context: Callable[[], Context] | None = None,
    ) -> None:
        self.variables = variables
        self._store = store
        self._context = context
        self.fleet = variables.get(_variables.FLEET) or _variables.DEFAULT_FLEET
        self._read: dict[str, Mapping] = {}

    def scopes(self, word: str, app: str = "") -> list[str]:
        """Scopes of the store that may hold a secret, the most special first."""
        if not app or _words.SECRETS[word].kept != _words.APP:
            return [f"{self.fleet}/{word}"]
        return [f"{self.fleet}/{name}/{word}" for name in (app, DEFAULT_APP)]

    def _document(self, scope):
        """What the store has for a scope; nothing where there is no store."""
        if self._store is None:
            config = self.variables.get(_variables.STORE)
            if not config or self._context is None:
                return {}
            self._store = _Fleet(config, self._context(), self.fleet)
        if scope not in self._read:
            self._read[scope] = self._store.read(scope) or {}
        return self._read[scope]

    def find(self, word: str, app: str = "", every_version: bool = False) -> Secrets:
        """The versions of a secret that can be known.

        :arg word: one of :data:`_words.SECRETS`.
        :arg app: the application, empty for one of the server.
        :kwarg every_version: also ask the store for what a variable does not hold.
        :returns: :class:`Secrets`, all empty if there is none.
        """
        places = _secrets.places(self.variables.get(_secrets.VARIABLE) or {}, app, word)
        scopes = self.scopes(word, app) if word in _words.REALMS else [None] * len(places)
        document: Mapping = {}
        origin, given = _secrets.variable(places[0].path), ""
        for place, scope in zip(places, scopes):
            if place.value is not None and not given:
                origin, given = _secrets.variable(place.path), str(place.value)
                if not given or not every_version:
                    return Secrets(origin, current=given)
            found = self._document(scope) if scope else {}
            if any(_text(found.get(version)) for version in VERSIONS) and not document:
                document = found
                origin = origin if given else f"scope {scope} of the secret store"
            if _text(found.get("current")):
                # A first secret of its own that is only staged is not the application's yet.
                document = {**document, "current": found["current"]}
                break
        found = {version: _text(document.get(version)) for version in VERSIONS}
        if given:
            if found["current"] not in ("", given):
                # The variable wins; what it replaces is still worth recognising in a token.
                found["previous"] = found["previous"] or found["current"]
            found["current"] = given
        return Secrets(origin, **found)

    def need(self, word: str, app: str = "", version: str = "current") -> tuple[str, str]:
        """One version of a secret.

        :returns: a tuple of the secret and where it was found.
        :raises SecretSourceError: if there is none.
        """
        secrets = self.find(word, app, every_version=version != "current")
        secret = getattr(secrets, version)
        if secret:
            return secret, secrets.origin
        which = f"{version} " if version != "current" else ""
        what = f"app {app}: no {which}{word} secret" if app else f"no {which}{word} secret"
        if version != "current":
            wanted = "stage it first, with streamward.antmedia.secret, state staged"
            raise SecretSourceError(
                f"{what}; {wanted if version == 'pending' else 'there was none'}"
            )
        remedy = f"set {_secrets.belongs(app, word)}"
        if word in _words.REALMS:
            remedy += f" or put {self.scopes(word, app)[0]} into the secret store"
        raise SecretSourceError(f"{what}; {remedy}{self._known(app)}")

    def _known(self, app):
        names = self.app_names()
        return f" (apps with secrets here: {', '.join(names)})" if app and names else ""

    def app_names(self) -> list[str]:
        """Apps that a variable names, sorted."""
        return _secrets.app_names(self.variables.get(_secrets.VARIABLE) or {})

    def everything(self, apps: Iterable[str] = ()) -> dict[tuple[str, str], Secrets]:
        """Every secret that is known, to tell whose signature a token bears.

        :kwarg apps: apps to look for besides those that a variable names.
        :returns: ``{(app, word): Secrets}``, the app empty for those of the server.
        """
        found = {("", word): self.find(word, every_version=True) for word in _words.SERVER_REALMS}
        for app in sorted({*self.app_names(), *(name for name in apps if name)}):
            for word in _words.APP_SECRETS:
                found[app, word] = self.find(word, app, every_version=True)
        return {
            key: secrets
            for key, secrets in found.items()
            if any(getattr(secrets, version) for version in VERSIONS)
        }
