# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Asking about a list of addresses: from inside and outside of it.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import sources as _sources
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    Probe,
)


def probes(text: str, own: tuple[str, ...], **about: Any) -> list[Probe]:
    """A probe for each address worth asking from; ``about`` is what all of them share.

    :arg text: the list as the server has it.
    :arg own: addresses of this host besides those of its loopback.
    """
    inside, outside = _sources.samples(text, own)
    return [
        Probe(f"from {source}", expected, source=source, **about)
        for expected, sources in ((LET_IN, inside), (REFUSED, outside))
        for source in sources
    ]


def only(text: str) -> str:
    """A list of addresses in words, shortened."""
    if not text:
        return "nobody"
    entries = text.split(",")
    more = f",+{len(entries) - 3}" if len(entries) > 3 else ""
    return ",".join(entries[:3]) + more
