# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may follow what: from the document of a secret to the next one.

PRIVATE to the collection.

Every step takes a document and returns a new one; an unchanged one means there was nothing to do.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import (
    MIN_LENGTH,
    faults,
    fingerprint,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    Conflict,
    SecretError,
    fingerprints,
    retired,
    stamp,
)

ALPHABET = string.ascii_letters + string.digits + "_-"
# 43 characters of 6 bits are 258 bits. From 48 on, some signers pick HS384 by the key's size.
DEFAULT_LENGTH = 43
LONGEST = 47
# Gives the secret to use where one is needed.
Make = Callable[[], str]
# From a document and a Unix time to the next document.
Step = Callable[[dict, float], dict]

REMEMBERED = 20  # fingerprints of retired secrets


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


def _entry(secret: str, now: float) -> dict:
    wrong = faults(secret)
    if wrong:
        raise SecretError("the secret " + " and ".join(wrong))
    return {"secret": secret, "created": stamp(now), "fingerprint": fingerprint(secret)}


def present(document: dict, now: float, make: Make, given: bool = False) -> dict:
    """A current secret exists; what is there stays.

    :arg given: the secret is the operator's own, so that a different one there is a conflict.
    """
    if document.get("current"):
        if given and document["current"]["fingerprint"] != fingerprint(make()):
            raise Conflict("the store holds another current secret: rotate to change it")
        return document
    if document.get("pending"):
        raise Conflict("a first secret is pending: promote or abort it")
    return {**document, "current": _entry(make(), now)}


def stage(document: dict, now: float, make: Make, given: bool = False) -> dict:
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
