# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The regular expression that matches the addresses of a list, in every way to write them.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from itertools import groupby

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr


def of(value: str) -> str:
    """The regular expression that matches the addresses of a value, in every way to write them.

    Both Tomcats in question, 8.5 and 10.1, take no blocks for their proxies, but one expression
    that has to match an address as a whole. They write addresses of peers without shortening them;
    what a proxy writes into X-Forwarded-For may be shortened.

    :arg value: what a list of addresses and blocks compiles to.
    """
    return "|".join(
        _ipv4(network) if isinstance(network, ipaddress.IPv4Network) else _ipv6(network)
        for network in _cidr.networks_of(value)
    )


_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"


def _ipv4(network: ipaddress.IPv4Network) -> str:
    bounds = zip(network.network_address.packed, network.broadcast_address.packed)
    return r"\.".join(_number(low, high) for low, high in bounds)


def _number(low: int, high: int) -> str:
    """Decimal numbers from one to the other, bounds of a block."""
    if low == high:
        return str(low)
    if (low, high) == (0, 255):
        return _BYTE
    ends: dict[str, list[str]] = {}
    for number in range(low, high + 1):
        ends.setdefault(str(number)[:-1], []).append(str(number)[-1])
    parts = [
        begin + (last[0] if len(last) == 1 else f"[{last[0]}-{last[-1]}]")
        for begin, last in ends.items()
    ]
    return f"(?:{'|'.join(parts)})"


def _ipv6(network: ipaddress.IPv6Network) -> str:
    """All texts of the addresses: in full, and with ``::`` for any run of groups that are zero."""
    first = _four_by_four(network.network_address.packed.hex())
    last = _four_by_four(network.broadcast_address.packed.hex())
    groups = [_group(low, high) for low, high in zip(first, last)]
    texts = [_joined(groups)]
    for begin in range(len(first)):
        end = begin
        while end < len(first) and first[end] == "0000":
            end += 1
        if end > begin:
            ends = _ends(groups, begin + 1, end)
            texts.extend(f"{_joined(groups[:begin])}::{rest}" for rest in ends)
    return f"(?i:{'|'.join(texts)})"


def _four_by_four(digits: str) -> list[str]:
    return [digits[place : place + 4] for place in range(0, len(digits), 4)]


def _group(low: str, high: str) -> str:
    """Hexadecimal numbers from one to the other, bounds of a block, zeros in front or not."""
    zeros = len(high[:-1]) - len(high[:-1].lstrip("0"))
    digits = [_digit(*pair) for pair in zip(low[zeros:], high[zeros:])]
    text = _in_a_row(digits)
    if low[zeros] == "0" and len(digits) > 1:  # then nothing is fixed behind that digit
        first, most = (digits[0] + "?", 3) if digits[0] != digits[-1] else ("", 4)
        text = first + _times(digits[-1], 1, most - zeros)
    return _times("0", 0, zeros) + text


def _digit(low: str, high: str) -> str:
    if low == high:
        return low
    if low.isdigit() != high.isdigit():
        return f"[{low}-9a-{high}]"
    return f"[{low}-{high}]"


def _joined(groups: list[str]) -> str:
    """Groups with colons between them."""
    return _in_a_row(_colons(groups))


def _colons(groups: list[str]) -> list[str]:
    return [group + ":" for group in groups[:-1]] + groups[-1:]


def _ends(groups: list[str], least: int, most: int) -> Iterator[str]:
    """What may follow a ``::``: the groups from a place between two on, in few texts."""
    parts, end = _colons(groups), 0
    for part, same in groupby(parts):
        begin, end = end, end + len(list(same))
        first, last = max(begin, least), min(end - 1, most)
        if first <= last:
            yield _times(part, end - last, end - first) + _in_a_row(parts[end:])
    if most == len(groups):
        yield ""


def _in_a_row(parts: Iterable[str]) -> str:
    """Parts one after the other, equal neighbours as one."""
    counts = ((part, len(list(same))) for part, same in groupby(parts))
    return "".join(_times(part, count, count) for part, count in counts)


def _times(part: str, least: int, most: int) -> str:
    """A part repeated."""
    if least == most == 1:
        return part
    if not most:
        return ""
    if least == most and len(part) == 1:
        return part * most
    whole = len(part) == 1 or (part[0] == "[" and part[-1] == "]")
    count = str(most) if least == most else f"{least},{most}"
    return (part if whole else f"(?:{part})") + f"{{{count}}}"
