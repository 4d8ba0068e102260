# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""HS256 tokens on managed hosts, where only Python's standard library may be assumed.

The controller mints tokens with PyJWT; a host needs one only to ask its own server something.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, Mapping


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
