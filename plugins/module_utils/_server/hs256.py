# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""HS256 tokens on managed hosts, where only Python's standard library may be assumed.

The controller mints tokens with PyJWT; a host needs one only to ask its own server something, and
its gate checks those of others, as java-jwt does.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from typing import Any, Iterable, Mapping

ALGORITHM = "HS256"
# A request has no more; what takes time apart from HMAC goes by the length.
LONGEST = 8000
_PART = re.compile("[A-Za-z0-9_-]*={0,2}", re.ASCII)


class NoToken(ValueError):
    """A text that is no token of any of the secrets; the message says why in a few words."""


def _part(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def sign(claims: Mapping[str, Any], secret: str, header: Mapping[str, Any] | None = None) -> str:
    """Make a compact JWT.

    :arg claims: times in Unix seconds.
    :arg secret: the HMAC key as text, used as its UTF-8 bytes.
    :kwarg header: replaces the header ``{"alg": "HS256", "typ": "JWT"}``; the signature is
        HMAC-SHA256 whatever it says, so that a probe can offer a server a token it must refuse.
    """
    head = {"alg": "HS256", "typ": "JWT"} if header is None else header
    parts = [
        _part(json.dumps(part, separators=(",", ":")).encode("utf-8")) for part in (head, claims)
    ]
    signed = b".".join(parts)
    signature = hmac.new(secret.encode("utf-8"), signed, hashlib.sha256).digest()
    return b".".join((signed, _part(signature))).decode("ascii")


def claims(text: str, secrets: Iterable[str]) -> dict[str, Any]:
    """What a compact JWT says, once one of the secrets has signed it. Its times are not looked at.

    Which secret it was takes no time that anybody could measure. What java-jwt reads is read here,
    and nothing else: it cares neither for padding nor for what follows the first JSON value.

    :arg secrets: as texts; an empty one signs nothing.
    :raises NoToken: of anything else.
    """
    parts = text.split(".") if len(text) <= LONGEST else []
    if len(parts) != 3:
        raise NoToken("not a token")
    if _object(parts[0]).get("alg") != ALGORITHM:
        raise NoToken("wrong algorithm")
    given = signature(text)
    signed = f"{parts[0]}.{parts[1]}".encode("ascii", "replace")
    right = False
    for secret in secrets:
        made = hmac.digest(secret.encode("utf-8"), signed, "sha256")
        right |= hmac.compare_digest(made, given) and bool(secret)
    if not right:
        raise NoToken("wrong signature")
    return _object(parts[1])


def signature(text: str) -> bytes:
    """The bytes of a token's signature: the same, however the token is spelled.

    :raises NoToken: when it has none.
    """
    return _bytes(text.rpartition(".")[2])


def _bytes(part: str) -> bytes:
    bare = part.rstrip("=")
    if not _PART.fullmatch(part) or ("=" in part and len(part) % 4) or len(bare) % 4 == 1:
        raise NoToken("not a token")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def _object(part: str) -> dict[str, Any]:
    text = _bytes(part).decode("utf-8", "replace").lstrip(" \t\r\n")
    try:
        value, _end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        raise NoToken("not a token") from None
    if not isinstance(value, dict):
        raise NoToken("not a token")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
