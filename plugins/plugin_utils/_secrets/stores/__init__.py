# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where secrets are kept: one small interface, one file per kind of store.

PRIVATE to the collection.

A kind is the name of a file beside this one, with a class ``Kept`` derived from :class:`Store`. It
says which options it takes and how a scope's document is loaded and saved; staging, promoting,
retiring and locking are the same for all and come from here.
"""

from __future__ import annotations

import abc
import difflib
import importlib
import math
import os
import re
import time
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils._options import (
    IS_NULL,
    unfit_text,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    owner as _owner,
    variables as _variables,
)

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

    def __init__(self, faults: Iterable[str]):
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

    def __init__(self, options: dict, context: Context):
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

    def update(self, change: dict) -> dict[str, tuple[dict, dict]]:
        """Change documents, each against the state it was read in.

        :arg change: ``{scope: function}``; the function gets the document and returns the new one,
            the same one for no change, or raises to stop before anything of this scope is saved.
        :returns: ``{scope: (before, after)}``.
        """
        done = {}
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

    def read(self, scope: str) -> dict[str, dict]:
        """``{version: {secret, created, fingerprint}}`` of a scope."""
        return _document.versions(self.load(scope)[0])

    def list(self, fleet: str | None = None) -> dict[str, dict]:
        """Everything that may be shown: ``{scope: {version: {fingerprint, created}}}``."""
        return {
            scope: _document.describe(document) for scope, document in self.load_all(fleet).items()
        }

    def change(self, scopes, step, expect: dict | None = None, now: float | None = None):
        """Take the same step on several scopes.

        :arg scopes: texts.
        :arg step: function of document and Unix time; see :mod:`_document`.
        :arg expect: ``{scope: {version: fingerprint}}`` that must hold when the step is taken.
        :returns: ``{scope: (before, after)}``.
        """
        return self.update(self._transforms(scopes, step, expect, now))

    def predict(self, scopes, step, expect: dict | None = None, now: float | None = None):
        """What :meth:`change` would return, without a change."""
        documents = {}
        for scope, transform in self._transforms(scopes, step, expect, now).items():
            before = self.load(scope)[0]
            documents[scope] = (before, transform(before))
        return documents

    def _transforms(self, scopes, step, expect, now):
        now = time.time() if now is None else now
        run = _owner.identity()["run"]

        def transform(scope):
            def apply(document):
                try:
                    _document.refuse_locked(document, run, now, _owner.alive)
                    _document.expecting(document, (expect or {}).get(scope))
                    return step(document, now)
                except _document.SecretError as error:
                    raise type(error)(f"{scope}: {error}") from None

            return apply

        return {str(_document.Scope.parse(scope)): transform(scope) for scope in scopes}

    def present(self, scope, secret=None, expect=None):
        """See :func:`_document.present`."""
        make = _maker(secret)
        return self._one(
            scope, lambda d, now: _document.present(d, now, make, bool(secret)), expect
        )

    def stage(self, scope, secret=None, expect=None):
        """Put a pending secret in place, compare-and-set. See :func:`_document.stage`."""
        make = _maker(secret)
        return self._one(scope, lambda d, now: _document.stage(d, now, make, bool(secret)), expect)

    def promote(self, scope, expect=None):
        """See :func:`_document.promote`."""
        return self._one(scope, _document.promote, expect)

    def retire(self, scope, version="previous", expect=None):
        """Remove a version and destroy every older copy of it the store may keep."""
        done = self._one(scope, lambda d, now: _document.retire(d, version), expect)
        self.purge(scope)
        return done

    def adopt(self, scope, secret, expect=None):
        """See :func:`_document.adopt`."""
        return self._one(scope, lambda d, now: _document.adopt(d, now, secret), expect)

    def lock(self, scopes, ttl: float = LOCK_TTL) -> None:
        """Take or renew the lock of several scopes for this run; all of them or an error."""
        owner = _owner.identity()
        taken = []

        def step(scope):
            def take(document, now):
                locked = _document.lock(document, owner, now, ttl, _owner.alive)
                if (document.get("lock") or {}).get("run") != owner["run"]:
                    taken.append(scope)
                return locked

            return self._transforms([scope], take, None, None)

        try:
            self.update({text: do for scope in sorted(scopes) for text, do in step(scope).items()})
        except ValueError:
            self.unlock(taken)
            raise

    def unlock(self, scopes) -> None:
        """Give back the locks this run holds on the scopes."""
        run = _owner.identity()["run"]
        self.update({scope: lambda d: _document.unlock(d, run) for scope in scopes})

    def _one(self, scope, step, expect):
        scope = str(_document.Scope.parse(scope))
        after = self.change([scope], step, {scope: expect} if expect else None)[scope][1]
        return _document.versions(after)


def _maker(secret):
    if secret:
        return lambda: secret
    made = []

    def make():
        # A retried write must not make a second secret.
        if not made:
            made.append(_document.generate())
        return made[0]

    return make


def kinds() -> list[str]:
    """The kinds of store there are."""
    folder = os.path.dirname(__file__)
    names = (name[:-3] for name in os.listdir(folder) if name.endswith(".py"))
    return sorted(name for name in names if re.match(r"^[a-z][a-z0-9_]*$", name))


def open_store(config: Any, context: Context | None = None) -> Store:
    """The store a configuration describes.

    :arg config: mapping with ``kind`` and the options of that kind.
    :raises ConfigError: listing every fault.
    """
    context = context or Context()
    if not isinstance(config, dict):
        raise ConfigError(["is no mapping; for example {kind: vault_file, path: secrets.yml}"])
    kind = config.get("kind")
    if kind not in kinds():
        known = ", ".join(kinds())
        raise ConfigError([f"kind is {kind!r}, but a store is one of: {known}"])
    module = importlib.import_module(f"{__name__}.{kind}")
    return module.Kept(_options(config, module.Kept.OPTIONS, context), context)


def _options(config: dict, known: dict[str, Option], context: Context) -> dict:
    faults, options = [], {}
    for name in sorted(set(map(str, config)) - set(known) - {"kind"}):
        near = difflib.get_close_matches(name, known, 1)
        hint = f", did you mean {near[0]!r}" if near else ""
        faults.append(f"unknown option {name!r}{hint} (known: {', '.join(sorted(known))})")
    for name, option in known.items():
        value = config.get(name)
        wrong = unfit_text(value)
        if name in config and value is None:
            wrong = IS_NULL
        if wrong:
            faults.append(f"{name}: {wrong}")
            continue
        if value is None or value == "":
            value = next(
                (context.environ[var] for var in option.env if context.environ.get(var)),
                option.default,
            )
        if value is None:
            if option.required:
                by = f" (or {', '.join(option.env)} in the environment)" if option.env else ""
                faults.append(f"{name} is missing{by}")
        else:
            shown = "" if option.secret else f" {value!r}"
            try:
                if isinstance(value, (bool, list, tuple, dict)):
                    raise TypeError
                value = option.type(value)
            except (TypeError, ValueError):
                kind = "text" if option.type is str else "number"
                faults.append(f"{name}{shown} is no {kind}")
            else:
                if option.type is float and not option.least <= value <= option.most:  # nan too
                    faults.append(f"{name}{shown} is not {option.least:g} to {option.most:g}")
            if option.choices and value not in option.choices:
                faults.append(f"{name}{shown} is none of {', '.join(option.choices)}")
        options[name] = value
    if faults:
        raise ConfigError(faults)
    return options
