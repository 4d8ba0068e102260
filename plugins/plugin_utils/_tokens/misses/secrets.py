# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The secrets that a token may have been made from, as they are and as minters misread them.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import (
    VERSIONS,
    Secrets,
)

Place = tuple[str, str]


class Reading(NamedTuple):
    """code: of the slip. words: what a formula calls the key. text: what was done, in a sentence.
    key: what came of it.
    """

    code: str
    words: str
    text: str
    key: bytes


class Candidate(NamedTuple):
    """words: what a formula calls it. key: its bytes. place: application and word of the secret.
    version, text: of the secret.
    """

    words: str
    key: bytes
    place: Place
    version: str
    text: str


# Of whoever forgot to load it.
NONE = Candidate("an empty secret", b"", ("", ""), "", "")

_DECODED = "the minter took the secret for base64 and decoded it; the server uses it as it is"
_ENCODED = "the minter encoded the secret as base64; the server uses it as it is"
_HEX = (
    "the minter took the secret for hexadecimal digits and decoded it; the server uses it as it is"
)
_HASHED = "the minter used the {} of the secret; the server uses the secret itself"


def versions(held: Secrets | None) -> Iterator[tuple[str, str]]:
    """The versions of a secret that there are."""
    for version in VERSIONS:
        text = getattr(held, version, "")
        if text:
            yield version, text


def readings(secret: str) -> Iterator[Reading]:
    """Keys that minters make of a secret by mistake, the likeliest first."""
    for altchars in (None, b"-_"):
        try:
            padded = secret + "=" * (-len(secret) % 4)
            key = base64.b64decode(padded, altchars, validate=altchars is None)
        except (binascii.Error, ValueError):
            continue
        yield Reading("base64", "secret decoded from base64", _DECODED, key)
    encoded = base64.b64encode(secret.encode())
    for key in (encoded, encoded.rstrip(b"=")):
        yield Reading("base64", "secret encoded as base64", _ENCODED, key)
    for end, name in (("\n", "a line end"), ("\r\n", "a line end"), (" ", "a blank")):
        text = f"the minter's secret has {name} at its end"
        yield Reading("blanks", f"secret with {name}", text, (secret + end).encode())
    for quote in "\"'":
        text = "the minter's secret stands in quotes"
        yield Reading("quotes", "secret in quotes", text, f"{quote}{secret}{quote}".encode())
    if re.fullmatch("([0-9a-fA-F]{2})+", secret):
        yield Reading("hex", "secret decoded from hexadecimal", _HEX, bytes.fromhex(secret))
    for name, changed in (("small", secret.lower()), ("capital", secret.upper())):
        if changed != secret:
            text = f"the minter's secret is written in {name} letters"
            yield Reading("letters", f"secret in {name} letters", text, changed.encode())
    for algorithm, name in (("sha256", "SHA-256"), ("md5", "MD5")):
        digest = hashlib.new(algorithm, secret.encode())
        for key in (digest.digest(), digest.hexdigest().encode()):
            yield Reading("hashed", f"{algorithm}(secret)", _HASHED.format(name), key)


def candidates(
    secrets: Mapping[Place, Secrets], place: Place
) -> tuple[list[Candidate], list[Candidate]]:
    """What a token may have been made from.

    :arg place: of the secret that counts.
    :returns: the secret of that place and what can be made of it, the one that is right first; and
        the others of the application, and those like it of other applications.
    """
    held = dict(versions(secrets.get(place)))
    own = []
    for version in sorted(held, key=lambda name: name != "current"):
        words = "secret" if version == "current" else f"{version} secret"
        own.append(Candidate(words, held[version].encode(), place, version, held[version]))
        own += [
            Candidate(r.words.replace("secret", words), r.key, place, version, held[version])
            for r in readings(held[version])
        ]
    others = [
        Candidate(_whose(other, place, version), text.encode(), other, version, text)
        for other, found in secrets.items()
        if other != place and (other[0] == place[0] or other[1] == place[1])
        for version, text in versions(found)
    ]
    return own, [NONE, *others]


def _whose(other, place, version):
    app, word = other
    of = f" of {app}" if app and app != place[0] else ""
    return f"{'' if version == 'current' else version + ' '}{word} secret{of}"
