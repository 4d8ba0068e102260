# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a secret of Ant Media Server must look like, and how it is named without being shown.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib

MIN_LENGTH = 32
MAX_LENGTH = 256

# Published in the vendor's documentation or set by its images; anybody can sign with them.
KNOWN_SAMPLES = frozenset(
    (
        "zautXStXM9iW3aD3FuyPH0TdK4GHPmHq",
        "cizvvh7f6ys0w3x0s1gzg6c2qzpk0gb9",
    )
)


def fingerprint(secret: str | None) -> str:
    """Name a secret without showing it.

    :arg secret: the secret as text.
    :returns: ``fp:`` and 12 hexadecimal digits of a SHA-256, the same on every host; an empty
        text for no secret.
    """
    if not secret:
        return ""
    digest = hashlib.sha256(b"streamward\0" + secret.encode("utf-8")).hexdigest()
    return "fp:" + digest[:12]


def faults(secret: object) -> list[str]:
    """Why a text cannot serve as a secret of a real server.

    The rules are those under which the server, Java properties, a shell and YAML all carry the
    same text: printable ASCII without blanks, quotes and backslashes, and nothing that Spring
    would expand or execute.

    :arg secret: the secret as text.
    :returns: a list of reasons, none of which contains the secret; empty if it is fit.
    """
    if not isinstance(secret, str) or not secret:
        return ["is empty"]
    found = []
    if len(secret) < MIN_LENGTH:
        found.append(f"has {len(secret)} characters, at least {MIN_LENGTH} are needed")
    if len(secret) > MAX_LENGTH:
        found.append(f"has {len(secret)} characters, at most {MAX_LENGTH} are allowed")
    if any(not "!" <= char <= "~" for char in secret):
        found.append("has a blank, a control character or a character outside ASCII")
    if any(char in "\\'\"`" for char in secret):
        found.append("has a backslash or a quote")
    if "${" in secret or "#{" in secret:
        found.append("has ${ or #{, which the server would expand or execute")
    if secret in KNOWN_SAMPLES:
        found.append("is a published sample that anybody can sign with")
    if secret and len(set(secret)) < 8:
        found.append("has fewer than 8 different characters")
    return found
