# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a store of secrets is: four methods a kind brings, and the steps that are the same for all.

PRIVATE to the collection.
"""

from __future__ import annotations

import abc
import math
import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    changes as _changes,
    document as _document,
    locks as _locks,
    owner as _owner,
    variables as _variables,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.changes import Step

# Documents before and after a step, by scope.
Done = dict[str, tuple[dict, dict]]

LOCK_TTL = 900.0
SAVE_TRIES = 5


class StoreError(ValueError):
    """The store cannot do what is asked. Never holds a secret."""


class Unavailable(StoreError):
    """The store cannot be reached, read or written right now."""


class Damaged(StoreError):
    """What the store holds cannot be trusted; nothing was changed."""


class Missed(StoreError):
    """The document was saved by somebody else since it was loaded."""


class ConfigError(StoreError, Faults):
    """The configuration of the store is wrong."""

    def __init__(self, faults: Iterable[str]) -> None:
        Faults.__init__(self, faults, _variables.STORE)


class Option(NamedTuple):
    """One option of a store.

    ``env`` are variables of the environment that stand in for it, in order, ``least`` and ``most``
    the bounds of a number.
    """

    type: type = str
    default: Any = None
    required: bool = False
    secret: bool = False
    env: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    least: float = -math.inf
    most: float = math.inf


class Context(NamedTuple):
    """What a store may need from the run.

    ``base`` is the folder that relative paths start from, ``vault_secrets`` are Ansible's, as
    ``[(vault id, secret)]``, ``environ`` are the controller's variables, ``inventories`` are
    folders of which Ansible reads every file as inventory.
    """

    base: str = "."
    vault_secrets: Any = ()
    environ: Any = os.environ
    inventories: tuple[str, ...] = ()


class Store(abc.ABC):
    """A store of secret documents by scope (see ``_secrets`` for the shape of a document).

    Nothing is read or connected to before the first call that needs it.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {}

    def __init__(self, options: dict, context: Context) -> None:
        self.options = options
        self.context = context
        self.notes: list[str] = []

    # What a kind of store brings

    @abc.abstractmethod
    def load(self, scope: str) -> tuple[dict, Any]:
        """The document of a scope, empty if there is none, and a token that names its state."""

    @abc.abstractmethod
    def save(self, scope: str, document: dict, token: Any) -> None:
        """Keep a document.

        :raises Missed: when the state is no longer the one the token names; nothing is changed.
        """

    @abc.abstractmethod
    def scopes(self, fleet: str | None = None) -> list[str]:
        """Every scope the store holds, or those of one fleet, sorted."""

    @abc.abstractmethod
    def where(self) -> str:
        """The place, for messages: a path, an address."""

    def load_all(self, fleet: str | None = None) -> dict[str, dict]:
        """The documents of every scope, or of one fleet's."""
        return {scope: self.load(scope)[0] for scope in self.scopes(fleet)}

    def mark(self) -> str:
        """Something cheap that changes with the content, or an empty text."""
        return ""

    def purge(self, scope: str) -> bool:
        """Destroy what the store still keeps of overwritten documents; True if there was any."""
        return False

    def close(self) -> None:  # noqa: B027 - most stores hold no connection
        """Let go of connections."""

    def update(self, change: Mapping[str, Callable[[dict], dict]]) -> Done:
        """Change documents, each against the state it was read in.

        :arg change: ``{scope: function}``; the function gets the document and returns the new one,
            the same one for no change, or raises to stop before anything of this scope is saved.
        """
        done: Done = {}
        for scope, transform in change.items():
            for attempt in range(SAVE_TRIES):
                before, token = self.load(scope)
                after = transform(before)
                try:
                    if after != before:
                        self.save(scope, after, token)
                except Missed:
                    if attempt == SAVE_TRIES - 1:
                        raise
                    continue
                done[scope] = (before, after)
                break
        return done

    # The same for every store

    def list(self, fleet: str | None = None) -> dict[str, dict]:
        """Everything that may be shown: ``{scope: {version: {fingerprint, created}}}``."""
        return {
            scope: _document.describe(document) for scope, document in self.load_all(fleet).items()
        }

    def change(
        self,
        scopes: Iterable[str],
        step: Step,
        expect: Mapping | None = None,
    ) -> Done:
        """Take the same step on several scopes.

        :arg expect: ``{scope: {version: fingerprint}}`` that must hold when the step is taken.
        """
        return self.update(self._transforms(scopes, step, expect))

    def predict(self, scopes: Iterable[str], step: Step, expect: Mapping | None = None) -> Done:
        """What :meth:`change` would return, without a change."""
        documents = {}
        for scope, transform in self._transforms(scopes, step, expect).items():
            before = self.load(scope)[0]
            documents[scope] = (before, transform(before))
        return documents

    def _transforms(self, scopes, step, expect):
        now, run = time.time(), _owner.identity()["run"]

        def transform(scope):
            def apply(document):
                try:
                    _locks.refuse_locked(document, run, now, _owner.alive)
                    _changes.expecting(document, (expect or {}).get(scope))
                    return step(document, now)
                except _document.SecretError as error:
                    raise type(error)(f"{scope}: {error}") from None

            return apply

        return {str(_document.Scope.parse(scope)): transform(scope) for scope in scopes}

    def promote(self, scope: str, expect: Mapping | None = None) -> dict:
        """See :func:`_changes.promote`."""
        return self._one(scope, _changes.promote, expect)

    def retire(self, scope: str, version: str = "previous", expect: Mapping | None = None) -> dict:
        """Remove a version and destroy every older copy of it the store may keep."""
        done = self._one(scope, lambda d, now: _changes.retire(d, version), expect)
        self.purge(scope)
        return done

    def lock(self, scopes: Iterable[str], ttl: float = LOCK_TTL) -> None:
        """Take or renew the lock of several scopes for this run; all of them or an error."""
        owner = _owner.identity()
        taken: list[str] = []

        def step(scope):
            def take(document, now):
                locked = _locks.lock(document, owner, now, ttl, _owner.alive)
                if (document.get("lock") or {}).get("run") != owner["run"]:
                    taken.append(scope)
                return locked

            return self._transforms([scope], take, None)

        try:
            self.update({text: do for scope in sorted(scopes) for text, do in step(scope).items()})
        except ValueError:
            self.unlock(taken)
            raise

    def unlock(self, scopes: Iterable[str]) -> None:
        """Give back the locks this run holds on the scopes."""
        run = _owner.identity()["run"]
        self.update({scope: lambda d: _locks.unlock(d, run) for scope in scopes})

    def _one(self, scope, step, expect):
        scope = str(_document.Scope.parse(scope))
        after = self.change([scope], step, {scope: expect} if expect else None)[scope][1]
        return _document.versions(after)
