# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secret scopes and their versions: what may follow what, and nothing about where it is kept.

PRIVATE to the collection.

A *document* is what a store keeps for one scope, a plain dictionary::

    {"current":  {"secret": "...", "created": "2026-11-24T15:00:00Z", "fingerprint": "fp:..."},
     "pending":  {...},
     "previous": {..., "superseded": "2026-11-24T15:00:00Z"},
     "retired":  ["fp:...", ...],
     "lock":     {"run": "...", "expires": "...", ...}}

Of a secret that is gone only the fingerprint stays, so that a host that was away for long is known
by what it still holds.

Every function here takes a document and returns a new one; an unchanged one means there was
nothing to do. Keys nobody here knows are carried along.
"""

from __future__ import annotations

import re
import secrets
import string
from datetime import datetime, timezone
from typing import NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import (
    MIN_LENGTH,
    faults,
    fingerprint,
)

VERSIONS = ("pending", "current", "previous")
ALPHABET = string.ascii_letters + string.digits + "_-"
# 43 characters of 6 bits are 258 bits. From 48 on, some signers pick HS384 by the key's size.
DEFAULT_LENGTH = 43
LONGEST = 47
DEFAULT_APP = "_default"
TRIAL = "trial"
REMEMBERED = 20  # fingerprints of retired secrets

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
            f"{text!r} is no scope: a scope is {', '.join(known[:-1])} or {known[-1]}, with names"
            " of letters, digits, '_', '.' and '-'"
        )


def generate(length: int = DEFAULT_LENGTH) -> str:
    """A new random secret that the server, Java properties, a shell and YAML carry unharmed.

    :arg length: characters, 32 to 47.
    """
    if not MIN_LENGTH <= length <= LONGEST:
        raise SecretError(f"a secret has {MIN_LENGTH} to {LONGEST} characters, not {length}")
    while True:
        # A leading dash is an option to half the command line tools an operator may paste it into.
        secret = "".join(secrets.choice(ALPHABET) for _each in range(length))
        if secret[0] not in "-_" and not faults(secret):
            return secret


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
        return "is no mapping"
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


def _entry(secret: str, now: float) -> dict:
    wrong = faults(secret)
    if wrong:
        raise SecretError("the secret " + " and ".join(wrong))
    return {"secret": secret, "created": stamp(now), "fingerprint": fingerprint(secret)}


def expecting(document: dict, expect: dict | None) -> None:
    """Compare before a set.

    :arg expect: ``{version: fingerprint}`` that must hold; an empty text means "no such version".
    :raises Conflict: naming every difference.
    """
    have = fingerprints(document)
    wrong = [
        f"{name} is {have.get(name) or 'absent'}, not {want or 'absent'}"
        for name, want in (expect or {}).items()
        if have.get(name, "") != (want or "")
    ]
    if wrong:
        raise Conflict("the store has changed meanwhile: " + ", ".join(wrong))


def present(document: dict, now: float, make, given: bool = False) -> dict:
    """A current secret exists; what is there stays.

    :arg make: function without arguments that gives the secret to use if there is none.
    :arg given: the secret is the operator's own, so that a different one there is a conflict.
    """
    if document.get("current"):
        if given and document["current"]["fingerprint"] != fingerprint(make()):
            raise Conflict("the store holds another current secret: rotate to change it")
        return document
    if document.get("pending"):
        raise Conflict("a first secret is pending: promote or abort it")
    return {**document, "current": _entry(make(), now)}


def stage(document: dict, now: float, make, given: bool = False) -> dict:
    """A pending secret exists; at most one, and never one that is already in use."""
    if document.get("pending"):
        if given and document["pending"]["fingerprint"] != fingerprint(make()):
            raise Conflict("another secret is pending: finish or abort that rotation first")
        return document
    if not document.get("current"):
        raise Conflict(
            "there is no current secret that a pending one would replace: make it first (state"
            " present), or stage the scope that the application uses (state listed shows them)"
        )
    entry = _entry(make(), now)
    if entry["fingerprint"] in fingerprints(document).values():
        raise Conflict("the secret is in the store already: a rotation needs a new one")
    return {**document, "pending": entry}


def promote(document: dict, now: float) -> dict:
    """Pending becomes current, current becomes previous."""
    if not document.get("pending"):
        if not document.get("current"):
            raise Conflict("there is neither a pending nor a current secret")
        return document
    after = _without(document, "previous")
    after.pop("pending")
    after["current"] = {**document["pending"], "promoted": stamp(now)}
    if document.get("current"):
        after["previous"] = {**document["current"], "superseded": stamp(now)}
    return after


def retire(document: dict, version: str = "previous") -> dict:
    """The given version, ``previous`` or ``pending``, is gone."""
    if version not in ("previous", "pending"):
        raise SecretError(f"only previous and pending are retired, not {version!r}")
    return _without(document, version)


def _without(document, version):
    after = {key: value for key, value in document.items() if key != version}
    if document.get(version):
        gone = [*retired(document), document[version]["fingerprint"]]
        after["retired"] = gone[-REMEMBERED:]
    return after


def retired(document: dict) -> list[str]:
    """Fingerprints of secrets that the scope had once, the oldest first."""
    found = document.get("retired")
    return [str(mark) for mark in found] if isinstance(found, list) else []


def adopt(document: dict, now: float, secret: str) -> dict:
    """Take over a secret that was found on a host, as it is.

    A secret too weak for a new one is adopted all the same: it is in use, and to rotate it away it
    must be known. Only what could never have worked is refused.

    :raises Conflict: when the store knows the scope by other secrets.
    """
    if not secret:
        raise SecretError("there is no secret to adopt")
    if fingerprint(secret) in fingerprints(document).values():
        return document
    if document.get("current") or document.get("pending"):
        raise Conflict(
            f"found {fingerprint(secret)}, but the store holds "
            + ", ".join(f"{name} {mark}" for name, mark in fingerprints(document).items())
        )
    entry = {"secret": secret, "created": stamp(now), "fingerprint": fingerprint(secret)}
    return {**document, "current": {**entry, "adopted": True}}


def held(document: dict, run: str, now: float, alive) -> dict | None:
    """The lock another run holds on a document, or None.

    :arg alive: function of a lock; False when its owner is known to be gone, else True.
    """
    lock = document.get("lock")
    if not isinstance(lock, dict) or lock.get("run") == run:
        return None
    if unix(lock.get("expires", "")) <= now or not alive(lock):
        return None
    return lock


def lock(document: dict, owner: dict, now: float, ttl: float, alive) -> dict:
    """Take or renew the lock of a document.

    :arg owner: who takes it, at least ``run``.
    :arg ttl: seconds after which it is void if not renewed.
    :raises Locked: with the holder's name, when another run holds it.
    """
    refuse_locked(document, owner["run"], now, alive)
    mine = document.get("lock") or {}
    since = mine.get("since", stamp(now)) if mine.get("run") == owner["run"] else stamp(now)
    return {**document, "lock": {**owner, "since": since, "expires": stamp(now + ttl)}}


def unlock(document: dict, run: str) -> dict:
    """Give the lock back; a lock of another run stays."""
    if (document.get("lock") or {}).get("run") != run:
        return document
    return {key: value for key, value in document.items() if key != "lock"}


def refuse_locked(document: dict, run: str, now: float, alive) -> None:
    """:raises Locked: when another run holds the document."""
    other = held(document, run, now, alive)
    if other:
        raise Locked(
            f"{other.get('who', 'another run')} works on it since {other.get('since', '?')} "
            f"(until {other.get('expires', '?')} at the latest)"
        )


def bundle(documents: dict, fleet: str, version: str = "current") -> dict:
    """The secrets of one fleet in the shape of the variable ``antmedia_secrets``.

    :arg documents: ``{scope: document}``.
    :arg version: ``current``; ``pending``, which means the pending one where there is one and else
        the current one, so what the fleet is about to hold; or ``previous``, only where there is
        one.
    """
    order = {"current": ("current",), "pending": ("pending", "current"), "previous": ("previous",)}
    if version not in order:
        raise SecretError(f"{version!r} is no version: " + ", ".join(VERSIONS))
    found: dict = {}
    for text in sorted(documents):
        scope = Scope.parse(text)
        entry = next(filter(None, (documents[text].get(name) for name in order[version])), None)
        if scope.fleet != fleet or not entry:
            continue
        if not scope.app:
            found[scope.realm] = entry["secret"]
        elif scope.app == DEFAULT_APP:
            found.setdefault("app_defaults", {})[scope.realm] = entry["secret"]
        else:
            found.setdefault("apps", {}).setdefault(scope.app, {})[scope.realm] = entry["secret"]
    return found


def chosen(documents: dict, uses: list[dict]) -> dict:
    """Certain secrets in the shape of the variable ``antmedia_secrets``.

    :arg uses: mappings with ``scope``, ``version``, ``realm`` and ``app``, the latter empty for the
        server itself. The version ``trial`` is a secret that nobody keeps, to try what a change
        would do. A version that is not there is left out.
    """
    found: dict = {}
    for use in uses:
        entry = documents.get(use["scope"], {}).get(use["version"])
        if use["version"] == TRIAL:
            entry = {"secret": generate()}
        if not entry:
            continue
        part = found
        if use["realm"] in _words.APP_REALMS:
            part = found.setdefault("apps", {}).setdefault(use["app"], {})
        part[use["realm"]] = entry["secret"]
    return found
