# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of addresses and blocks, compiled to the one value Ant Media Server surely understands.

The server drops an entry it cannot parse without a word, takes an empty entry for 127.0.0.1 and
resolves host names on every request. So nothing of that kind ever gets into a compiled value.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Union

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

LOOPBACK = "127.0.0.1"

# What an operator may write for a whole family of addresses.
WORDS = {
    "any": ("0.0.0.0/0", "::/0"),
    "any_ipv4": ("0.0.0.0/0",),
    "any_ipv6": ("::/0",),
}
# The block of one family alone is refused: who writes 0.0.0.0/0 mostly means everybody, and then
# clients with IPv6 behind a proxy get a 403. whole: (the other whole, word, family, other family)
_HALVES = {
    "0.0.0.0/0": ("::/0", "any_ipv4", "IPv4", "IPv6"),
    "::/0": ("0.0.0.0/0", "any_ipv6", "IPv6", "IPv4"),
}

_NUMBER = r"(?:0|[1-9][0-9]{0,2})"
_IPV4_PATTERN = rf"{_NUMBER}(?:\.{_NUMBER}){{3}}"
_IPV4 = re.compile(_IPV4_PATTERN)
_PREFIX = re.compile(_NUMBER)
# What Java asks a name server for.
_NAME = re.compile("(?=[^/]*[a-zA-Z])[a-zA-Z0-9_.-]{1,255}(?:/[0-9]{1,3})?")
_LONGEST_ENTRY = 60


class CidrError(ValueError):
    """A list that must not be written.

    :ivar faults: every fault as a text that names the entry and the remedy.
    """

    def __init__(self, faults: Iterable[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)


class _Fault(Exception):
    """One entry that cannot be used."""


def compile_cidrs(
    entries: Any,
    deny_all: bool = False,
    widest: Mapping[str, int] | None = None,
    keep_loopback: bool = False,
) -> str:
    """The canonical value of a list: no duplicates, adjacent blocks joined, IPv4 before IPv6.

    An entry is an address (``10.0.0.1``), a block (``10.0.0.0/8``), several of them joined by
    commas, or one of the words ``any`` (every IPv4 and IPv6 address), ``any_ipv4``, ``any_ipv6``.
    A single address comes out bare, without ``/32`` or ``/128``.

    :arg entries: an entry, or a list of entries and lists, nested as deep as one likes.
    :arg deny_all: the list may be empty, which makes the server refuse everybody.
    :arg widest: the shortest prefixes a block may have, as ``{"ipv4": 8, "ipv6": 32}``; None allows
        all. The words are not subject to it.
    :arg keep_loopback: add 127.0.0.1 unless something in the list covers it.
    :returns: the value, joined by ``,`` without blanks; an empty text denies everybody.
    :raises CidrError: has every fault of the list.
    """
    faults = []
    found: list[tuple[Any, Network]] = []
    for entry in _flatten(entries):
        try:
            found.extend((entry, network) for network in _entry(entry, widest or {}))
        except _Fault as fault:
            faults.append(str(fault))
    faults.extend(_halves(found))
    if not found and not faults and not deny_all:
        faults.append(
            "the list is empty, which would deny everybody: name who is let in"
            " (127.0.0.1 for this host alone), or say with deny_all that it is meant"
        )
    if faults:
        raise CidrError(list(dict.fromkeys(faults)))
    networks = [network for _entry, network in found]
    if keep_loopback:
        networks.append(ipaddress.ip_network(LOOPBACK))
    return ",".join(_text(network) for network in _collapse(networks))


def contains(value: str, address: str) -> bool:
    """Whether the server lets an address in by a value.

    :arg value: the text of the setting, well-formed or not; read as :func:`networks_of` does.
    :arg address: an address, or a block that has to be inside as a whole. A zone is ignored, and
        ``::ffff:10.0.0.1`` is 10.0.0.1, both as with the server.
    :raises ValueError: the address is none.
    """
    wanted = ipaddress.ip_network(re.sub("%[^/]*", "", address), strict=False)
    mapped = wanted.version == 6 and wanted.network_address.ipv4_mapped
    if mapped and wanted.prefixlen >= 96:
        wanted = ipaddress.ip_network((int(mapped), wanted.prefixlen - 96))
    return any(
        network.version == wanted.version and wanted.subnet_of(network)  # type: ignore[arg-type]
        for network in networks_of(value)
    )


def networks_of(value: str) -> list[Network]:
    """Whom the server lets in by a value, well-formed or not.

    The value is cut as the server cuts it; as with the server, an entry it cannot parse lets
    nobody in. Neither does a host name here, since it is not looked up; ``localhost`` needs no
    look-up.

    :arg value: the text of the setting.
    :returns: a list of IPv4Network and IPv6Network, collapsed, in canonical order.
    """
    return _collapse(filter(None, map(_served, _cut(value))))


def oddities(value: str) -> list[str]:
    """What the server makes of the entries of a value that it does not take for what they say.

    :returns: a list of texts; empty for a value of which each entry is an address or a block.
    """
    return list(dict.fromkeys(filter(None, map(_oddity, _cut(value)))))


def _cut(value):
    """The entries of a value, as the server cuts it."""
    # As input.split("\\s*,\\s*") with Java's \s, which drops empty entries at the end.
    entries = re.split("[ \t\n\v\f\r]*,[ \t\n\v\f\r]*", value)
    while entries and not entries[-1]:
        entries.pop()
    return entries


def _oddity(entry):
    if not entry:
        return "an empty entry is taken for 127.0.0.1"
    shown = repr(entry[:_LONGEST_ENTRY])
    network = _served(entry)
    if network is None and _NAME.fullmatch(entry):
        return f"{shown} is a host name, which is looked up on every request"
    if network is None:
        return f"{shown} is dropped without a word"
    address = _address(entry.partition("/")[0])
    mapped = address is not None and address.version == 6 and address.ipv4_mapped
    return f"{shown} is taken for {_text(network)}" if address is None or mapped else ""


def _flatten(entries: Any) -> Iterator[Any]:
    if isinstance(entries, (list, tuple)):
        for entry in entries:
            yield from _flatten(entry)
    elif isinstance(entries, str):
        for entry in entries.split(","):
            yield entry.strip()
    else:
        yield entries


def _collapse(networks: Iterable[Network]) -> list[Network]:
    """Duplicates out, adjacent blocks joined, IPv4 before IPv6, by number."""
    networks = list(networks)
    old = [network for network in networks if isinstance(network, ipaddress.IPv4Network)]
    new = [network for network in networks if isinstance(network, ipaddress.IPv6Network)]
    return [*ipaddress.collapse_addresses(old), *ipaddress.collapse_addresses(new)]


def _text(network: Network) -> str:
    """A block, or a bare address, which is the form in which the server itself has 127.0.0.1."""
    if network.prefixlen == network.max_prefixlen:
        return str(network.network_address)
    return str(network)


def _halves(found: list[tuple[Any, Network]]) -> Iterator[str]:
    """Faults of lists that have everybody of one family, and not by its word."""
    entries = {entry for entry, _network in found}
    texts = {str(network) for _entry, network in found}
    for entry, network in found:
        other, word, family, missing = _HALVES.get(str(network), ("", "", "", ""))
        if word and other not in texts and word not in entries:
            yield (
                f"'{entry}' lets in every {family} address and no {missing} address: write any for"
                f" everybody, or {word} if that is meant"
            )


def _entry(entry: Any, widest: Mapping[str, int]) -> list[Network]:
    """The networks of one entry; a _Fault if it cannot be used."""
    if not isinstance(entry, str):
        try:
            shown = json.dumps(entry, default=str)
        except (TypeError, ValueError):  # as a number of thousands of digits is
            shown = "an entry"
        raise _Fault(f"{shown} is not a text: write an address or a block, in quotes")
    if entry in WORDS:  # said in so many words, so it is meant
        return [_network(text) for text in WORDS[entry]]
    network = _network(entry)
    least = widest.get(f"ipv{network.version}", 0)
    if network.prefixlen < least:
        raise _Fault(
            f"'{entry}' is wider than the widest IPv{network.version} prefix allowed, which is"
            f" /{least}: narrow it, or set antmedia_widest_prefix"
        )
    return [network]


def _network(text: str) -> Network:
    address, slash, prefix = text.partition("/")
    parsed = _address(address)
    if parsed is None:
        raise _Fault(_reason(text))
    good_prefix = _PREFIX.fullmatch(prefix) and int(prefix) <= parsed.max_prefixlen
    if slash and not good_prefix:
        raise _Fault(_prefix_reason(text, parsed, prefix))
    if parsed.version == 6 and parsed.ipv4_mapped:
        bits = f"/{int(prefix) - 96}" if slash and int(prefix) >= 96 else ""
        inner = ipaddress.ip_network(f"{parsed.ipv4_mapped}{bits}", strict=False)
        raise _Fault(
            f"'{text}' is IPv4 in the form of IPv6, which the server takes for IPv4: write"
            f" {_text(inner)}"
        )
    network = ipaddress.ip_network(text, strict=False)
    if network.network_address != parsed:
        raise _Fault(
            f"'{text}' has host bits set: write {network} for the block, or {parsed} for the"
            " address"
        )
    if _text(network) in ("0.0.0.0", "::"):
        raise _Fault(f"'{text}' is nobody's address: write any for everybody")
    return network


def _address(text: str) -> Address | None:
    """The address a text is in the one form every parser reads alike; None if it is not."""
    if "%" in text or ("." in text and not _IPV4.fullmatch(text.rpartition(":")[2])):
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _prefix_reason(text: str, address: Address, prefix: str) -> str:
    if re.search("[^0-9a-zA-Z.+/-]", prefix):
        return _reason(text)
    if address.version == 4 and _IPV4.fullmatch(prefix):
        try:
            block = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
        except ValueError:
            pass
        else:
            return f"'{text}' has a netmask, which the server drops: write {block}"
    return f"'{text}' needs a plain number from 0 to {address.max_prefixlen} behind the /"


def _range_remedy(match: re.Match[str]) -> str:
    """The blocks of a range, if they are few enough to be written."""
    ends = [_address(end.strip()) for end in match.groups()]
    try:
        blocks = list(ipaddress.summarize_address_range(*ends))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return "the blocks it is made of"
    return " and ".join(map(_text, blocks)) if len(blocks) <= 8 else "the blocks it is made of"


def _legacy_remedy(match: re.Match[str]) -> str:
    """What the server takes an old-style address for."""
    served = _served_address(match.group(1))
    return str(served) if served else "four numbers from 0 to 255"


def _wildcard_remedy(match: re.Match[str]) -> str:
    numbers = match.group(1).rstrip(".").split(".")
    address = _address(".".join([*numbers, "0", "0", "0"][:4]))
    return f"{address}/{8 * len(numbers)}" if address else "a block"


# Why a text is no address, and what to write instead: the first row that matches says it.
_REASONS = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE), reason, remedy)
    for pattern, reason, remedy in (
        ("", "an entry is empty, which the server takes for 127.0.0.1: take it out", None),
        (
            r"(\*|\*\.\*\.\*\.\*|all|any.*|everybody|everyone|world|0/0)",
            "'{0}' is not a word of a list: write any for everybody, any_ipv4 or any_ipv6",
            None,
        ),
        (
            r"([0-9a-f:.]+\s*)(?:-|\.\.)(\s*[0-9a-f:.]+)",
            "'{0}' is a range: write {1}",
            _range_remedy,
        ),
        (r".*://.*", "'{0}' is a URL: write the address alone", None),
        (r".*;.*", "'{0}' has a semicolon, with which it lets nobody in: use commas", None),
        (r".*\s.*", "'{0}' has a blank inside: use commas", None),
        (r".*[\"'`].*", "'{0}' has a quote in it: take it out", None),
        (r"\[.*", "'{0}' has brackets: take them out", None),
        (
            r"([^%]*)%[^/]*(.*)",
            "'{0}' has a zone, which means nothing on another host: write {1}",
            lambda match: match.expand(r"\1\2"),
        ),
        (
            r"((?:[0-9]{1,3}\.){1,3})\*(?:\.\*)*",
            "'{0}' has a wildcard: write {1}",
            _wildcard_remedy,
        ),
        (
            rf"({_IPV4_PATTERN})(?:/[0-9]+)?:[0-9]+",
            "'{0}' has a port: write {1}",
            lambda match: match.group(1),
        ),
        (
            r"((?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+)){0,3})(?:/[0-9.]*)?",
            "'{0}' is not a full IPv4 address without leading zeros: write {1}",
            _legacy_remedy,
        ),
        (
            r"(?=[^/]*[a-z])[a-z0-9_.-]+(?:/.*)?",
            "'{0}' is a host name, which the server looks up on every request: write its addresses",
            None,
        ),
    )
)


def _reason(text: str) -> str:
    for pattern, reason, remedy in _REASONS:
        match = pattern.fullmatch(text)
        if match:
            return reason.format(text, remedy(match) if remedy else "")
    return f"'{text}' is neither an address nor a block: write one, as 10.0.0.0/8"


def _served(entry: str) -> Network | None:
    """The network the server's NetMask sees in an entry; None if it lets nobody in."""
    address, slash, prefix = entry.partition("/")
    parsed = _served_address(address)
    if parsed is None:
        return None
    if not slash:
        return ipaddress.ip_network(parsed)
    if not re.fullmatch("[+-]?[0-9]+", prefix) or not 0 <= int(prefix) <= parsed.max_prefixlen:
        return None
    return ipaddress.ip_network((parsed, int(prefix)), strict=False)


def _served_address(text: str) -> Address | None:
    """The address Java's ``InetAddress.getByName`` sees in a text, host names left aside."""
    if text.lower() in ("", "localhost"):
        return ipaddress.ip_address(LOOPBACK)
    if re.fullmatch(r"[0-9.]{1,15}", text):
        return _served_ipv4(text.split("."))
    if text[0] == "[" and text[-1] == "]":
        text = text[1:-1]
    bare = re.sub("%[0-9]+$", "", text)
    # Java minds no zeros in front; Python does.
    parsed = _address(re.sub("(?<![0-9A-Fa-f])0+(?=[0-9A-Fa-f])", "", bare))
    if parsed is None or parsed.version == 4:
        return None
    if parsed.ipv4_mapped:
        return parsed.ipv4_mapped if bare == text else None
    return parsed


def _served_ipv4(numbers: list[str]) -> Address | None:
    """``10.1`` is 10.0.0.1: the last number fills what is left."""
    if len(numbers) > 4 or not all(numbers):
        return None
    *first, last = map(int, numbers)
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        return None
    for place, number in enumerate(first):
        last += number << (24 - 8 * place)
    return ipaddress.IPv4Address(last)
