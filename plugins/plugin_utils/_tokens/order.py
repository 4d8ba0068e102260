# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which token is wanted, whether such a token makes sense, and the token once it is made.

Pure: an order in, every fault out.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    lifetime as _lifetime,
)

REALMS = _words.TOKEN_REALMS
KINDS = tuple(_words.KINDS)
TYPES = _words.DIRECTIONS
STREAM_LIMIT = 200

# The server's own rule for stream ids, without the empty text it lets pass.
STREAM_ID = re.compile(r"[A-Za-z0-9_.-]+")
# The name becomes part of a folder, a URL and a query; the server has no rule of its own.
SUBSCRIBER = re.compile(r"[A-Za-z0-9_.@-]{4,100}")
APP = re.compile(r"[A-Za-z0-9_-]+")
PANEL = "root"

_RESERVED = frozenset(("streamId", "type", "exp", "iat", "nbf", "roomId"))


class TokenError(Faults):
    """An order that cannot be carried out."""


@dataclass(frozen=True)
class Order:
    """A token that is wanted.

    realm: one of REALMS. kind: one of KINDS. app: empty for management. stream, type: of the stream
    realm. lifetime: see ``_lifetime``. room: id of the main track, for conferences. subscriber: its
    id, for TOTP. claims: further claims. time_claims: which of ``iat`` and ``nbf`` to add.
    """

    realm: str = "stream"
    kind: str = "jwt"
    app: str = ""
    stream: str = ""
    type: str = ""
    lifetime: str = "1h"
    room: str = ""
    subscriber: str = ""
    claims: dict = field(default_factory=dict)
    time_claims: tuple = ()

    def faults(self) -> list[str]:
        """Why the order is not valid, its lifetime aside."""
        found = []
        if self.realm not in REALMS:
            return [f"realm: {self.realm!r} is not one of {', '.join(REALMS)}"]
        if self.kind not in KINDS:
            return [f"kind: {self.kind!r} is not one of {', '.join(KINDS)}"]
        if self.kind != "jwt" and self.realm != "stream":
            found.append(
                f"kind: {self.kind} tokens are for streams; the {self.realm} realm takes jwt"
            )
        found += self._app_faults()
        if self.realm == "stream":
            found += stream_faults(self.stream, "stream")
            if self.type not in TYPES:
                found.append(f"type: {self.type!r} is neither publish nor play")
            if self.room:
                found += stream_faults(self.room, "room")
        else:
            found += [
                f"{name}: belongs to the stream realm, not to {self.realm}"
                for name in ("stream", "type", "room")
                if getattr(self, name)
            ]
        found += self._subscriber_faults()
        found += [
            f"claims.{name}: is set by the collection"
            for name in sorted(map(str, self.claims))
            if name in _RESERVED
        ]
        return found

    def _app_faults(self):
        if self.realm == "management":
            fault = f"app: management tokens are for the whole server, not for {self.app!r}"
            return [fault] if self.app else []
        return app_faults(self.app)

    def _subscriber_faults(self):
        if not _words.KINDS[self.kind].subscriber:
            having = " or ".join(name for name, kind in _words.KINDS.items() if kind.subscriber)
            return [f"subscriber: only kind {having} has one"] if self.subscriber else []
        if not SUBSCRIBER.fullmatch(self.subscriber):
            return [
                f"subscriber: {_short(self.subscriber)} must have 4 to 100 letters, digits,"
                " '_', '.', '@' or '-'"
            ]
        return []

    @property
    def secret_word(self) -> str:
        """How the policy calls the secret that this token needs."""
        if self.realm != "stream":
            return self.realm
        made_of = _words.KINDS[self.kind].secrets
        return made_of.get(self.type) or next(iter(made_of.values()), "stream")


def _short(text):
    text = str(text)
    return repr(text if len(text) <= 40 else text[:37] + "...")


def app_faults(app: str) -> list[str]:
    """Why a text is not the name of an app, empty if it is."""
    if not app:
        return ["app: is needed"]
    if not APP.fullmatch(app):
        return [f"app: {_short(app)} has characters other than letters, digits, '_' and '-'"]
    if app == PANEL:
        return ["app: root is the web panel, not an app"]
    return []


def stream_faults(stream: str, name: str) -> list[str]:
    """Why a text is not a stream id, empty if it is."""
    if not stream:
        return [f"{name}: is empty"]
    if not STREAM_ID.fullmatch(stream):
        strange = sorted(set(re.sub(r"[A-Za-z0-9_.-]", "", stream)))
        shown = " ".join("a blank" if char == " " else repr(char) for char in strange[:5])
        return [
            f"{name}: {_short(stream)} has {shown};"
            " the server takes letters, digits, '_', '.' and '-' only"
        ]
    if len(stream) > STREAM_LIMIT:
        return [
            f"{name}: {_short(stream)} has {len(stream)} characters;"
            f" more than {STREAM_LIMIT} leave no room for file names"
        ]
    if set(stream) == {"."}:
        return [f"{name}: {stream!r} names a folder"]
    return []


@dataclass(frozen=True)
class Minted:
    """A token. value: its text, for TOTP the code. expires: Unix seconds, ``None`` for never."""

    order: Order
    value: str = field(repr=False)
    expires: int | None

    def summary(self) -> dict:
        """What may be shown: everything but the token."""
        order = self.order
        shown: dict[str, Any] = {"realm": order.realm, "kind": order.kind}
        for name in ("app", "stream", "type", "room", "subscriber"):
            if getattr(order, name):
                shown[name] = getattr(order, name)
        shown["expires"] = self.expires
        shown["expires_at"] = "never" if self.expires is None else _lifetime.utc(self.expires)
        return shown


def variant(order: Order, **changes: str) -> Order:
    """An order that differs in some fields; empty texts keep what the order says."""
    given: dict[str, Any] = {name: value for name, value in changes.items() if value}
    return replace(order, **given)
