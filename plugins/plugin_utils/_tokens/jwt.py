# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signing tokens with PyJWT and taking given ones apart as java-jwt does.

Ant Media Server checks with java-jwt, so reading follows that library where the two differ:
what it would choke on is an error here, what it shrugs at is not.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any

try:
    import jwt
    from jwt.algorithms import HMACAlgorithm
except ImportError:  # told to the operator by the plugins, with the remedy
    jwt = None  # type: ignore[assignment]

MISSING = "PyJWT is needed on the controller: python -m pip install PyJWT"
_HASHES = {"HS256": "SHA256", "HS384": "SHA384", "HS512": "SHA512"}
_LONG = 2**63
_PARTS = re.compile(r"[A-Za-z0-9_-]*={0,2}")


class JwtError(ValueError):
    """A text that no server reads as a token; the message says why."""


def _algorithm(name="HS256"):
    if jwt is None:
        raise JwtError(MISSING)
    return HMACAlgorithm(getattr(HMACAlgorithm, _HASHES[name]))


class Signer:
    """Signs HS256 tokens with one secret.

    PyJWT prepares its key anew for every token; a batch needs that once. The bytes are those of
    ``jwt.encode``.
    """

    def __init__(self, secret: str) -> None:
        """:arg secret: the secret as text, used as its UTF-8 bytes as the server does."""
        self._algorithm = _algorithm()
        self._key = self._algorithm.prepare_key(secret)
        self._head = jwt.encode({}, "x" * 32, "HS256").split(".")[0].encode()
        self._dump = json.JSONEncoder(separators=(",", ":")).encode

    def sign(self, claims: dict) -> str:
        """The token of claims, whose times are Unix seconds."""
        payload = base64.urlsafe_b64encode(self._dump(claims).encode()).rstrip(b"=")
        signed = self._head + b"." + payload
        signature = base64.urlsafe_b64encode(self._algorithm.sign(signed, self._key))
        return (signed + b"." + signature.rstrip(b"=")).decode("ascii")


@dataclass(frozen=True)
class Token:
    """A token taken apart, nothing of it checked."""

    header: dict
    claims: dict
    signed: bytes
    signature: bytes

    @property
    def algorithm(self) -> Any:
        return self.header.get("alg")

    def signed_by(self, key: str | bytes, algorithm: str = "HS256") -> bool:
        """Whether the signature is that of a key.

        :arg key: text, used as its UTF-8 bytes, or bytes.
        :kwarg algorithm: HS256, HS384 or HS512.
        """
        if not key:
            return False
        key = key.encode("utf-8") if isinstance(key, str) else key
        return _algorithm(algorithm).verify(self.signed, key, self.signature)


def _bytes(part, name):
    if not _PARTS.fullmatch(part) or ("=" in part and len(part) % 4):
        raise JwtError(f"the {name} is not base64url")
    try:
        return base64.urlsafe_b64decode(part.rstrip("=") + "=" * (-len(part.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        raise JwtError(f"the {name} is not base64url") from None


def _no_constant(name):
    raise ValueError(name)


def _object(part, name):
    # As Jackson reads it: what follows the first value is not looked at.
    text = _bytes(part, name).decode("utf-8", "replace").lstrip(" \t\r\n")
    try:
        value, _end = json.JSONDecoder(parse_constant=_no_constant).raw_decode(text)
    except (ValueError, RecursionError):
        raise JwtError(f"the {name} is not JSON") from None
    if not isinstance(value, dict):
        raise JwtError(f"the {name} is not a JSON object")
    return value


def read(text: str) -> Token:
    """Take a token apart.

    :arg text: the compact form, three parts with dots between them.
    :raises JwtError: if it is not that.
    """
    parts = text.split(".")
    if len(parts) != 3:
        raise JwtError(f"a token has three parts with dots between them, this has {len(parts)}")
    header = _object(parts[0], "header")
    claims = _object(parts[1], "payload")
    for name in ("exp", "nbf", "iat"):
        moment(claims, name)
    signature = _bytes(parts[2], "signature")
    return Token(header, claims, f"{parts[0]}.{parts[1]}".encode(), signature)


def moment(claims: dict, name: str) -> int | None:
    """A time claim as java-jwt takes it.

    :arg name: ``exp``, ``nbf`` or ``iat``.
    :returns: whole Unix seconds, or ``None`` if absent or null.
    :raises JwtError: if it is not a number, which makes java-jwt refuse the whole token.
    """
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        hint = " but a text; wanted are seconds since 1970" if isinstance(value, str) else ""
        raise JwtError(f"the claim {name} is not a number{hint}")
    if not -_LONG <= value < _LONG:
        raise JwtError(f"the claim {name} is out of range")
    return int(value)
