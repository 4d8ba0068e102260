# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of addresses as the server reads them, each text once: hosts of a fleet have the same ones.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    cidr as _cidr,
)

EVERYBODY = ("0.0.0.0/0", "::/0")


@functools.lru_cache(maxsize=4096)
def networks(text: str) -> tuple[_cidr.Network, ...]:
    """Whom the server lets in by a list."""
    return tuple(_cidr.networks_of(text))


@functools.lru_cache(maxsize=4096)
def oddities(text: str) -> tuple[str, ...]:
    """What the server makes of entries that it does not take for what they say."""
    return tuple(_cidr.oddities(text))


@functools.lru_cache(maxsize=4096)
def everybody(text: str) -> bool:
    """Whether a whole family of addresses is in a list."""
    return any(_cidr.contains(text, whole) for whole in EVERYBODY)
