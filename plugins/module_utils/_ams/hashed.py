# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hash tokens: one text for a stream and a direction, valid until the secret changes.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib


def token(stream: str, direction: str, secret: str) -> str:
    """The token of a stream.

    :arg stream: the stream id.
    :arg direction: ``publish`` or ``play``.
    :arg secret: the app's ``tokenHashSecret``.
    :returns: 64 lower-case hexadecimal digits.
    """
    return hashlib.sha256(f"{stream}{direction}{secret}".encode()).hexdigest()
