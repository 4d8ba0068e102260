# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a text looks like, in words, and the bytes that it may be written from.

Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

# What has so many bytes.
_DIGESTS = {
    16: "an MD5",
    20: "a SHA-1",
    28: "a SHA-224",
    32: "a SHA-256 or an HMAC-SHA256",
    48: "a SHA-384",
    64: "a SHA-512",
}
_JWT = re.compile(r"eyJ[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]*")
_HEX = re.compile(r"[0-9a-fA-F]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Nothing longer is a digest.
_LONGEST = 400


def jwt(text: str) -> bool:
    """Whether a text has the form of a JWT."""
    return bool(_JWT.fullmatch(text))


def bytes_of(text: str) -> Iterator[tuple[str, bytes]]:
    """The bytes that a text may be written from, after words for how, the likeliest first."""
    text = text.strip().strip("\"'")
    if len(text) > _LONGEST:
        return
    plain = re.sub(r"(?i)^(sha-?256[:=]|0x)", "", text)
    if _HEX.fullmatch(plain) and len(plain) % 2 == 0:
        how = "hexadecimal digits"
        how = "capital " + how if plain != plain.lower() else how
        yield (how if plain == text else how + " with something before them"), bytes.fromhex(plain)
    for how, one, other in (("base64", "+", "/"), ("base64url", "-", "_")):
        body = text.rstrip("=")
        if not re.fullmatch(rf"[A-Za-z0-9{re.escape(one + other)}]+", body):
            continue
        try:
            found = base64.b64decode(body + "=" * (-len(body) % 4), (one + other).encode())
        except (binascii.Error, ValueError):
            continue
        yield how, found
        inner = found.decode("latin-1").strip()
        if _HEX.fullmatch(inner) and len(inner) % 2 == 0:
            yield f"{how} of hexadecimal digits", bytes.fromhex(inner)


def looks(text: str) -> str:
    """What a text looks like, such as ``a UUID``; empty if like nothing that is known."""
    if jwt(text):
        return "a JWT"
    if re.fullmatch("[0-9]{6}", text):
        return "the code of a subscriber (TOTP)"
    if _UUID.fullmatch(text):
        return "a UUID"
    for how, found in bytes_of(text):
        if len(found) in _DIGESTS:
            return f"{how} of {len(found)} bytes, as {_DIGESTS[len(found)]} has"
    return ""
