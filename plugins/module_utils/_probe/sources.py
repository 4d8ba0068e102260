# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which addresses to ask a server from, so that a list of addresses shows what it really does.

A list that is a little too wide or too narrow shows at the edges of its blocks, one that is off
shows from anywhere. Addresses of the host itself are used as they are. All others stand in
X-Forwarded-For, which the server believes of a peer on the loopback.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Sequence, Union

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

DIRECT = "direct"
FORWARDED = "forwarded"
# Another machine, which asks from its own address.
VANTAGE = "vantage"

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
# From the loopback: the address everything local has, and some that nobody has.
NEAR = ("127.0.0.1", "127.0.0.9", "127.33.44.55")
# From elsewhere: addresses kept for documentation, private ones, one of the public internet.
FAR = (
    "203.0.113.77",
    "10.77.77.77",
    "172.20.77.77",
    "192.168.77.77",
    "8.8.8.8",
    "2001:db8:77::77",
)
# Blocks of a list whose edges are asked from; of a longer list, evenly spread ones.
MOST_BLOCKS = 24


@dataclass(frozen=True)
class Source:
    """An address, and how the server is made to see it: ``direct``, ``forwarded``, ``vantage``.

    peer: for ``forwarded``, the address the request really comes from; empty for 127.0.0.1.
    """

    address: str
    way: str
    peer: str = ""

    def __str__(self) -> str:
        if self.way != FORWARDED:
            return self.address
        behind = " behind " + self.peer if self.peer else ""
        return f"{self.address} by X-Forwarded-For{behind}"


def source(address: str, own: Sequence[str] = ()) -> Source:
    """How to ask from an address.

    :arg address: the address as text.
    :kwarg own: addresses of this host besides those of its loopback, as texts.
    """
    if address in own or _in_loopback(address):
        return Source(address, DIRECT)
    return Source(address, FORWARDED)


def _in_loopback(address):
    parsed = ipaddress.ip_address(address)
    # Nothing can be sent from its first and last address.
    ends = (LOOPBACK.network_address, LOOPBACK.broadcast_address)
    return parsed.version == 4 and parsed in LOOPBACK and parsed not in ends


def blocks(text: str) -> tuple[list[Network], int]:
    """The blocks of a list, at most :data:`MOST_BLOCKS` of them, and how many there are."""
    found = _cidr.networks_of(text)
    if len(found) <= MOST_BLOCKS:
        return found, len(found)
    step = (len(found) - 1) / (MOST_BLOCKS - 1)
    return [found[round(step * place)] for place in range(MOST_BLOCKS)], len(found)


def _edges(block):
    """The first and last address of a block, and those just outside."""
    first, last = int(block.network_address), int(block.broadcast_address)
    top = 2**block.max_prefixlen - 1
    make = type(block.network_address)
    # 0.0.0.0, :: and the highest address are nobody's.
    inside = (max(first, 1), min(last, top - 1))
    outside = [number for number in (first - 1, last + 1) if 0 < number < top]
    return [make(number) for number in inside], [make(number) for number in outside]


def samples(text: str, own: Sequence[str] = ()) -> tuple[list[Source], list[Source]]:
    """Addresses a list lets in, and addresses it does not.

    :arg text: the list as the server has it.
    :kwarg own: see :func:`source`.
    :returns: a pair of lists of :class:`Source`, without duplicates, direct ones first.
    """
    addresses = [ipaddress.ip_address(address) for address in (*NEAR, *own, *FAR)]
    for block in blocks(text)[0]:
        for edge in _edges(block):
            addresses.extend(edge)
    inside: list[Source] = []
    outside: list[Source] = []
    for address in dict.fromkeys(addresses):
        name = str(address)
        if address.version == 6 and address.ipv4_mapped:
            continue
        (inside if _cidr.contains(text, name) else outside).append(source(name, own))
    return _direct_first(inside), _direct_first(outside)


def _direct_first(sources):
    return sorted(sources, key=lambda item: item.way != DIRECT)
