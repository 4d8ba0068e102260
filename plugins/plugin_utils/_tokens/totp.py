# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Time-based codes of subscribers (RFC 6238 with HMAC-SHA1 and six digits).

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re

DIGITS = 6


class TotpError(ValueError):
    """A subscriber's secret that the server could not decode."""


def subscriber_key(b32_secret: str) -> bytes:
    """The key of a subscriber registered at the server.

    :arg b32_secret: its base32 secret, a multiple of 8 characters; small letters are those of the
        same capital ones.
    :raises TotpError: if the server would not take it; the message does not hold it.
    """
    if not re.fullmatch(r"[A-Za-z2-7]+=*", b32_secret or "") or len(b32_secret) % 8:
        raise TotpError(
            "the subscriber's secret is not base32 (A to Z and 2 to 7)"
            " of a multiple of 8 characters"
        )
    try:
        key = base64.b32decode(b32_secret.upper())
    except binascii.Error:
        raise TotpError("the subscriber's secret is not base32") from None
    if base64.b32encode(key).decode() != b32_secret.upper():
        raise TotpError("the subscriber's secret is not base32: its last letter has bits too many")
    return key


def shared_key(secret: str, subscriber: str, stream: str, direction: str) -> bytes:
    """The key of a subscriber whom the server does not know, from the app's common secret.

    :arg secret: ``timeTokenSecretForPlay`` or ``timeTokenSecretForPublish`` of the app.
    """
    text = f"{secret}{subscriber}{stream}{direction}".encode()
    return text + b"X" * (-len(text) % 8)


def code(key: bytes, now: float, period: int = 60) -> tuple[str, int]:
    """The code of an instant, and the Unix second at which it changes.

    :arg now: Unix seconds.
    :kwarg period: seconds a code lives, the app's ``timeTokenPeriod``.
    """
    counter = int(now) // period
    digest = hmac.new(key, counter.to_bytes(8, "big"), "sha1").digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS), (counter + 1) * period
