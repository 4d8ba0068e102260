# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Versions of Ant Media Server, and what came with which.

What came with a setting stands in the catalogue, what came with neither stands here.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

# What the catalogue begins with.
OLDEST = (2, 4, 0)
# Before it a JWT counts for the management API only if somebody edits web.xml.
MANAGEMENT_JWT = (2, 5, 0)
# An address that says whether the management application is alive.
LIVENESS = (2, 5, 1)
# A secret for the TOTP codes of all subscribers.
COMMON_TOTP = (2, 7, 0)
# The web server inside reads a tomcat-web.xml too.
TOMCAT_10 = (2, 8, 0)
WHIP = (2, 10, 0)
# It takes the prefix Bearer, which 2.10 takes for a part of the token.
WHIP_BEARER = (2, 11, 0)
# The REST API of an application takes it, too.
REST_BEARER = (2, 12, 0)
# The REST API of an application takes tokens of other nodes.
CLUSTER_TOKENS = (2, 14, 0)
# Applications that get a request while they load can come up with their security off.
OPEN_STARTS = (2, 15, 0)

_NUMBERS = re.compile(r"\d+(?:\.\d+)+", re.ASCII)


def parse(text: str) -> tuple[int, ...]:
    """The numbers at the start of a version.

    :raises ValueError: when it does not start with two or more.
    """
    match = _NUMBERS.match(str(text).strip())
    if not match:
        raise ValueError(f"{text!r} is not a version")
    return tuple(int(part) for part in match.group().split("."))


def shown(version: tuple[int, ...]) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))
