# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was done to come to a JWT that no server takes: its form, its signing, its claims.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import shape as _shape
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.jwt import Token
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    secrets as _secrets,
)

# Below it a time is a duration, from the others on it is no longer in seconds.
_FIRST_TIME = 10**9
_UNITS = ((10**17, "nanoseconds", 10**9), (10**14, "microseconds", 10**6))
_MILLISECONDS = (10**11, "milliseconds", 10**3)

# Names under which people put what the server reads elsewhere.
_NAMES = {
    "streamId": ("sub", "stream", "id", "name", "streamname", "streamkey", "channel", "aud"),
    "type": ("role", "mode", "action", "permission", "scope", "tokentype", "operation"),
    "exp": ("expiredate", "expire", "expires", "expiry", "expiration", "expiresat", "validuntil"),
}
_MOST_SHOWN = 40


class _Signed(NamedTuple):
    """words: what was done. make: the signature, of what is signed and the key."""

    words: str
    make: Callable[[bytes, bytes], bytes]


def _hmac(key, message, name="sha256"):
    return hmac.digest(key, message, name)


def _part(signed, number):
    return signed.split(b".")[number]


def _json(part):
    return base64.urlsafe_b64decode(part.rstrip(b"=") + b"=" * (-len(part.rstrip(b"=")) % 4))


def _hmac_of(name):
    return _Signed(
        f"it is signed with HMAC-{name.upper()}, though its header says otherwise",
        lambda signed, key: _hmac(key, signed, name),
    )


_SIGNED = (
    *map(_hmac_of, ("sha512", "sha384", "sha1")),
    _Signed(
        "its signature is made of the hexadecimal digits of the HMAC, not of its bytes",
        lambda signed, key: _hmac(key, signed).hex().encode(),
    ),
    _Signed(
        "its signature is encoded twice",
        lambda signed, key: base64.b64encode(_hmac(key, signed)),
    ),
    _Signed(
        "its signature is encoded twice",
        lambda signed, key: base64.urlsafe_b64encode(_hmac(key, signed)).rstrip(b"="),
    ),
    _Signed(
        "its signature is sha256(header.payload + secret), and the server wants an HMAC",
        lambda signed, key: hashlib.sha256(signed + key).digest(),
    ),
    _Signed(
        "its signature is sha256(secret + header.payload), and the server wants an HMAC",
        lambda signed, key: hashlib.sha256(key + signed).digest(),
    ),
    _Signed(
        "its payload alone is signed, without the header",
        lambda signed, key: _hmac(key, _part(signed, 1)),
    ),
    _Signed(
        "header and payload are signed without the dot between them",
        lambda signed, key: _hmac(key, signed.replace(b".", b"")),
    ),
    _Signed(
        "its payload is signed before it was encoded, and without the header",
        lambda signed, key: _hmac(key, _json(_part(signed, 1))),
    ),
    _Signed("the secret is signed with the text as the key", _hmac),
)


def signing(token: Token, secret: str) -> tuple[str, str] | None:
    """How a token was signed by a secret that it should not be signed with so: code and words.

    :returns: None if it was not signed by that secret in a way that is known.
    """
    for reading in _secrets.readings(secret):
        if token.signed_by(reading.key, token.algorithm):
            return reading.code, reading.text
    for signed in _SIGNED:
        if hmac.compare_digest(signed.make(token.signed, secret.encode()), token.signature):
            return "signing", signed.words
    return None


def form(text: str) -> str:
    """What a text is that is no JWT, to stand behind that; empty if nothing is known."""
    if _shape.jwt(text):
        return ""
    if re.fullmatch(r"(['\"]).*\1", text) and _shape.jwt(text[1:-1]):
        return ": it stands in quotes"
    if _shape.jwt(unquote(text)):
        return ": it is encoded as for a URL"
    for how, found in _shape.bytes_of(text):
        if _shape.jwt(found.decode("latin-1").strip()):
            return f": it is {how} of a JWT"
    parts = text.split(".")
    if text.startswith("eyJ") and len(parts) == 2:
        return ": its signature is missing"
    if text.startswith("eyJ") and len(parts) == 5:
        return ": it is encrypted (JWE), which the server does not read"
    if len(parts) == 3 and re.search("[+/]", text):
        return ": it is written in base64, and a JWT in base64url, which has - and _ for + and /"
    looks = _shape.looks(text)
    return f": it looks like {looks}" if looks else ""


def elsewhere(claims: Mapping[str, Any], name: str, value: str = "") -> str:
    """Where a claim stands that is not under its name, to stand behind that; empty if nowhere.

    :arg name: ``streamId``, ``type`` or ``exp``.
    :kwarg value: what it should be, empty for any.
    """
    for other, found in claims.items():
        known = re.sub("[^a-z]", "", other.lower()) in (*_NAMES[name], name.lower())
        if other != name and (known or (value and found == value)):
            return f"; {_shown(other)} says {_shown(found)}, but the server reads {name}"
    return ""


def stream(found: Any, wanted: str, app: str) -> str:
    """How a stream's name differs from the wanted one, to stand behind that; empty if it does."""
    if not isinstance(found, str):
        return "; the server reads texts only" if str(found) == wanted else ""
    if found.lower() == wanted.lower():
        return ", and the server looks at the case"
    if found.strip() == wanted:
        return ": there are blanks around it"
    if unquote(found) == wanted:
        return ": it is encoded as for a URL"
    bare = re.sub(r"^(.*/)?([^/]*?)(\.m3u8|\.mpd|\.mp4)?$", r"\2", found)
    return f": the name alone is wanted, without {app}/ and endings" if bare == wanted else ""


def type_(found: Any, wanted: str) -> str:
    """How a direction differs from the wanted one, to stand behind that; empty if it is another."""
    if str(found).lower() == wanted:
        return ", and the server looks at the case"
    known = " and ".join(_words.DIRECTIONS)
    return "" if found in _words.DIRECTIONS else f"; the server knows {known} only"


def unit(seconds: int) -> tuple[str, int] | None:
    """The unit that a time is in which is not in seconds, and how many of it a second has."""
    for least, name, count in (*_UNITS, _MILLISECONDS):
        if seconds >= least:
            return name, count
    return None


def duration(seconds: int) -> str:
    """What a time is that is long past, to stand behind that; empty for one that is not."""
    if 0 <= seconds < _FIRST_TIME:
        return f": {seconds} is a duration, and exp is a time, in seconds since 1970"
    return ""


def _shown(value):
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 3] + "..."
