# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secret scopes and their versions, and nothing about where they are kept.

PRIVATE to the collection.

A *document* is what a store keeps for one scope, a plain dictionary::

    {"current":  {"secret": "...", "created": "2026-11-24T15:00:00Z", "fingerprint": "fp:..."},
     "pending":  {...},
     "previous": {..., "superseded": "2026-11-24T15:00:00Z"},
     "retired":  ["fp:...", ...],
     "lock":     {"run": "...", "expires": "...", ...}}

Of a secret that is gone only the fingerprint stays, so that a host that was away for long is known
by what it still holds.

Keys nobody here knows are carried along.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint

VERSIONS = ("pending", "current", "previous")
DEFAULT_APP = "_default"

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\Z")


class SecretError(ValueError):
    """A secret, a scope or a step is not acceptable. Never holds a secret."""


class Conflict(SecretError):
    """The store holds something else than the caller expects."""


class Locked(SecretError):
    """Another run is working on the scope."""


class Scope(NamedTuple):
    """Where a secret belongs. ``app`` is empty for a fleet-wide realm."""

    fleet: str
    app: str
    realm: str

    def __str__(self) -> str:
        return "/".join(part for part in self if part)

    @classmethod
    def parse(cls, text: str) -> Scope:
        """Read ``fleet/app/stream``, ``fleet/app/rest``, ``fleet/management`` or ``fleet/cluster``.

        :raises SecretError: when it is none of them.
        """
        parts = str(text).split("/")
        if all(_NAME.match(part) for part in parts):
            if len(parts) == 3 and parts[2] in _words.APP_REALMS:
                return cls(*parts)
            if len(parts) == 2 and parts[1] in _words.FLEET_REALMS:
                return cls(parts[0], "", parts[1])
        known = [f"fleet/app/{realm}" for realm in _words.APP_REALMS]
        known += [f"fleet/{realm}" for realm in _words.FLEET_REALMS]
        raise SecretError(
            f"{text!r} is not a scope: a scope is {', '.join(known[:-1])} or {known[-1]}, with"
            " names"
            " of letters, digits, '_', '.' and '-'"
        )


def stamp(now: float) -> str:
    """A Unix time as ISO 8601 in UTC, whole seconds."""
    moment = datetime.fromtimestamp(now, timezone.utc).replace(microsecond=0)
    return moment.isoformat().replace("+00:00", "Z")


def unix(text: str) -> float:
    """The Unix time of an ISO 8601 text; 0 for a text that is none."""
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def versions(document: dict) -> dict:
    """The secret versions of a document: ``{version: {secret, created, fingerprint, ...}}``."""
    return {name: dict(document[name]) for name in VERSIONS if document.get(name)}


def fingerprints(document: dict) -> dict:
    """``{version: fingerprint}`` of a document."""
    return {name: entry["fingerprint"] for name, entry in versions(document).items()}


def describe(document: dict) -> dict:
    """What may be shown of a document: everything but the secrets."""
    shown = {}
    for name, entry in versions(document).items():
        shown[name] = {
            key: entry[key] for key in ("fingerprint", "created", "superseded") if key in entry
        }
    return shown


def check(document: object) -> str | None:
    """Why a document that came from a store cannot be trusted, or None.

    A fingerprint that does not fit its secret means that somebody edited one of the two.
    """
    if not isinstance(document, dict):
        return "is not a mapping"
    for name in VERSIONS:
        entry = document.get(name)
        if entry is None:
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("secret"), str):
            return f"has no text 'secret' in version {name}"
        if not entry["secret"]:
            return f"has an empty secret in version {name}"
        if entry.get("fingerprint", fingerprint(entry["secret"])) != fingerprint(entry["secret"]):
            return (
                f"has a fingerprint in version {name} that is not its secret's: one of the two "
                "was edited"
            )
    return None


def normalise(document: dict) -> dict:
    """Fill in what a person who edited the document by hand may leave out."""
    filled = dict(document)
    for name in VERSIONS:
        entry = filled.get(name)
        if entry is None:
            filled.pop(name, None)
        else:
            filled[name] = {"created": stamp(0), **entry}
            filled[name]["fingerprint"] = fingerprint(entry["secret"])
    return filled


def retired(document: dict) -> list[str]:
    """Fingerprints of secrets that the scope had once, the oldest first."""
    found = document.get("retired")
    return [str(mark) for mark in found] if isinstance(found, list) else []
