# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lock of a secret: one run works on it at a time.

PRIVATE to the collection.

It is part of the secret's document. Each function takes a document, and one that changes it returns
a new one.
"""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    Locked,
    stamp,
    unix,
)

# Of a lock: False when its owner is known to be gone, else True.
Alive = Callable[[dict], bool]


def held(document: dict, run: str, now: float, alive: Alive) -> dict | None:
    """The lock another run holds on a document, or None."""
    lock = document.get("lock")
    if not isinstance(lock, dict) or lock.get("run") == run:
        return None
    if unix(lock.get("expires", "")) <= now or not alive(lock):
        return None
    return lock


def lock(document: dict, owner: dict, now: float, ttl: float, alive: Alive) -> dict:
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


def refuse_locked(document: dict, run: str, now: float, alive: Alive) -> None:
    """:raises Locked: when another run holds the document."""
    other = held(document, run, now, alive)
    if other:
        raise Locked(
            f"{other.get('who', 'another run')} works on it since {other.get('since', '?')} "
            f"(until {other.get('expires', '?')} at the latest)"
        )
