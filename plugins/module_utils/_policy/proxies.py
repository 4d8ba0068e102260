# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose word the server takes for where a request came from, in ``conf/jee-container.xml``.

The file installs Tomcat's RemoteIpValve with Tomcat's defaults: every peer with a private address
may name any client in X-Forwarded-For, 127.0.0.1 too. Here the valve gets exactly the proxies of a
list. Only the valve's own two properties are touched; all other bytes stay as they are.

Pure: bytes in, bytes out.

PRIVATE to the collection.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import groupby
from xml.parsers import expat

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr

VALVE = "org.apache.catalina.valves.RemoteIpValve"

# Both name proxies that are believed; with the second, their addresses are passed on as well.
INTERNAL = "internalProxies"
TRUSTED = "trustedProxies"

# This host stays trusted: a proxy on it would make all its clients 127.0.0.1, whom every REST API
# lets in, and the collection asks a panel whose list has no loopback address through it.
LOOPBACK = ("127.0.0.1", "::1")

NAMESPACE = "http://www.springframework.org/schema/beans"
SHORTCUT = "http://www.springframework.org/schema/p"
# A shipped file has six levels.
DEEPEST = 100
_INHERITED = ("parent", "factory-bean", "factory-method", "abstract")


def _attribute(text):
    """The value of an attribute. By ``html``, since ``xml.sax`` loads half a library for it."""
    return f'"{html.escape(text)}"'


class ProxiesError(ValueError):
    """The file is not one that this module understands; the text says why, without a path."""


# -- the list ---------------------------------------------------------------------------------


def compile_proxies(entries, widest=None):
    """The value of a list of proxies: canonical, with the addresses of this host.

    :arg entries: as for :func:`_cidr.compile_cidrs`; an empty list trusts this host alone.
    :arg widest: as there.
    :returns: addresses and blocks, joined by commas.
    :raises CidrError: has every fault of the list.
    """
    own = _cidr.compile_cidrs(list(LOOPBACK))
    given = _cidr.compile_cidrs(entries, deny_all=True, widest=widest)
    faults = [
        f"'{network}' would let every client name any address: name the proxies"
        for network in _cidr.networks_of(given)
        if not network.prefixlen
    ]
    if faults:
        raise _cidr.CidrError(faults)
    return _cidr.compile_cidrs([given, own] if given else own)


def pattern(value):
    """The regular expression that matches the addresses of a value, in every way to write them.

    Both Tomcats in question, 8.5 and 10.1, take no blocks for their proxies, but one expression
    that has to match an address as a whole. They write addresses of peers without shortening them;
    what a proxy writes into X-Forwarded-For may be shortened.

    :arg value: what :func:`compile_proxies` returns.
    """
    return "|".join(
        _ipv4(network) if network.version == 4 else _ipv6(network)
        for network in _cidr.networks_of(value)
    )


_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"


def _ipv4(network):
    bounds = zip(network.network_address.packed, network.broadcast_address.packed)
    return r"\.".join(_number(low, high) for low, high in bounds)


def _number(low, high):
    """Decimal numbers from one to the other, bounds of a block."""
    if low == high:
        return str(low)
    if (low, high) == (0, 255):
        return _BYTE
    ends = {}
    for number in range(low, high + 1):
        ends.setdefault(str(number)[:-1], []).append(str(number)[-1])
    parts = [
        begin + (last[0] if len(last) == 1 else f"[{last[0]}-{last[-1]}]")
        for begin, last in ends.items()
    ]
    return "(?:{})".format("|".join(parts))


def _ipv6(network):
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
    return "(?i:{})".format("|".join(texts))


def _four_by_four(digits):
    return [digits[place : place + 4] for place in range(0, len(digits), 4)]


def _group(low, high):
    """Hexadecimal numbers from one to the other, bounds of a block, zeros in front or not."""
    zeros = len(high[:-1]) - len(high[:-1].lstrip("0"))
    digits = [_digit(*pair) for pair in zip(low[zeros:], high[zeros:])]
    text = _in_a_row(digits)
    if low[zeros] == "0" and len(digits) > 1:  # then nothing is fixed behind that digit
        first, most = (digits[0] + "?", 3) if digits[0] != digits[-1] else ("", 4)
        text = first + _times(digits[-1], 1, most - zeros)
    return _times("0", 0, zeros) + text


def _digit(low, high):
    if low == high:
        return low
    if low.isdigit() != high.isdigit():
        return f"[{low}-9a-{high}]"
    return f"[{low}-{high}]"


def _joined(groups):
    """Groups with colons between them."""
    return _in_a_row(_colons(groups))


def _colons(groups):
    return [group + ":" for group in groups[:-1]] + groups[-1:]


def _ends(groups, least, most):
    """What may follow a ``::``: the groups from a place between two on, in few texts."""
    parts, end = _colons(groups), 0
    for part, same in groupby(parts):
        begin, end = end, end + len(list(same))
        first, last = max(begin, least), min(end - 1, most)
        if first <= last:
            yield _times(part, end - last, end - first) + _in_a_row(parts[end:])
    if most == len(groups):
        yield ""


def _in_a_row(parts):
    """Parts one after the other, equal neighbours as one."""
    counts = ((part, len(list(same))) for part, same in groupby(parts))
    return "".join(_times(part, count, count) for part, count in counts)


def _times(part, least, most):
    """A part repeated."""
    if least == most == 1:
        return part
    if not most:
        return ""
    if least == most and len(part) == 1:
        return part * most
    whole = len(part) == 1 or (part[0] == "[" and part[-1] == "]")
    count = str(most) if least == most else f"{least},{most}"
    return "{}{{{}}}".format(part if whole else f"(?:{part})", count)


# -- the file ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Element:
    """An element: its place in the bytes, its attributes, and the text of the values in it."""

    name: str
    attributes: dict
    begin: int
    end: int = 0
    text: str | None = None


class _Reader:
    """Finds the valve and its properties in a file, by place."""

    def __init__(self, data):
        self.data = data
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.open = []
        self.valves = []  # pairs of the valve's element and its properties
        self.properties = None

    def read(self):
        try:
            self.parser.Parse(self.data, True)
        except ProxiesError:
            raise
        except (expat.ExpatError, ValueError) as error:
            raise ProxiesError(f"is no well-formed XML: {error}") from None
        return self.valves

    def _doctype(self, *_ignored):
        # At once: what it declares could unfold to any length.
        raise ProxiesError("has a document type, which could hold parts of it elsewhere")

    def _start(self, name, attributes):
        if len(self.open) == DEEPEST:
            raise ProxiesError(f"has more than {DEEPEST} elements in one another")
        self.open.append([name, attributes, self.parser.CurrentByteIndex, []])
        if name == NAMESPACE + " bean" and attributes.get("class") == VALVE:
            self.properties = []
            self.depth = len(self.open)

    def _characters(self, text):
        for element in self.open:
            element[3].append(text)

    def _end(self, _name):
        name, attributes, begin, texts = self.open.pop()
        end = _tag_end(self.data, begin)
        if self.data[end - 2 : end] != b"/>":
            end = self.data.index(b">", self.parser.CurrentByteIndex) + 1
        element = _Element(name, attributes, begin, end, "".join(texts).strip())
        if self.properties is None:
            return
        if len(self.open) == self.depth and name == NAMESPACE + " property":
            self.properties.append(element)
        elif len(self.open) < self.depth:
            self.valves.append((element, self.properties))
            self.properties = None


def _valve(data):
    """The valve's element and those of its properties that name proxies."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise ProxiesError("is not written in UTF-8") from None
    if data[:3] == b"\xef\xbb\xbf" or b"\0" in data:
        raise ProxiesError("is not written in plain UTF-8")
    valves = _Reader(data).read()
    if not valves:
        raise ProxiesError(
            f"has no RemoteIpValve: put back the line <bean class={_attribute(VALVE)} /> of the"
            " shipped file"
        )
    if len(valves) > 1:
        raise ProxiesError("has more than one RemoteIpValve: leave one")
    element, properties = valves[0]
    for name in element.attributes:
        space, _blank, local = name.rpartition(" ")
        if local in _INHERITED or (space == SHORTCUT and local in (INTERNAL, TRUSTED)):
            raise ProxiesError(
                f"has a RemoteIpValve with the attribute {local}: write its properties as elements"
                " inside it"
            )
    return element, [
        each for each in properties if each.attributes.get("name") in (INTERNAL, TRUSTED)
    ]


def current(data):
    """The expressions of a file by property; None where it leaves Tomcat's default.

    :raises ProxiesError: when the file is not understood.
    """
    found = {INTERNAL: None, TRUSTED: None}
    for each in _valve(data)[1]:
        found[each.attributes["name"]] = each.attributes.get("value", each.text)
    return found


def edit(data, expression):
    """A file whose valve believes the peers an expression matches, and no others.

    :returns: the bytes; the same where nothing has to change.
    :raises ProxiesError: when the file is not understood.
    """
    element, properties = _valve(data)
    wanted = {INTERNAL: expression, TRUSTED: None}
    if current(data) == wanted and len(properties) == 1:
        return data
    line = "<{}property name={} value={} />".format(
        _prefix(data[element.begin :]).decode("utf-8"), _attribute(INTERNAL), _attribute(expression)
    ).encode("utf-8")
    result = data
    if properties:
        first, *others = properties
        for each in reversed(others):
            result = result[: _line_before(result, each.begin)] + result[each.end :]
        result = result[: first.begin] + line + result[first.end :]
    else:
        result = _filled(data, element, line)
    if current(result) != wanted:
        raise ProxiesError("has a RemoteIpValve in a form that cannot be edited in place")
    return result


def _line_before(data, place):
    """Where the blanks before a place begin, with the end of the line before them."""
    begin = place
    while begin and data[begin - 1 : begin] in (b" ", b"\t"):
        begin -= 1
    if data[:begin].endswith(b"\n"):
        begin -= 2 if data[:begin].endswith(b"\r\n") else 1
        return begin
    return place


def _filled(data, element, line):
    """The file with a line put into the valve's element, which has none of its own."""
    begin_of_line = data.rfind(b"\n", 0, element.begin) + 1
    blanks = re.match(rb"[ \t]*", data[begin_of_line : element.begin]).group()
    newline = b"\r\n" if data[:begin_of_line].endswith(b"\r\n") else b"\n"
    inner = newline + blanks + b"\t" + line
    tag_end = _tag_end(data, element.begin)
    tag = data[element.begin : tag_end]
    if not tag.endswith(b"/>"):
        return data[:tag_end] + inner + data[tag_end:]
    opened = tag[:-2].rstrip() + b">"
    closed = newline + blanks + b"</" + _prefix(tag) + b"bean>"
    return data[: element.begin] + opened + inner + closed + data[tag_end:]


def _prefix(data):
    """The prefix of the name of the element that bytes begin with, with its colon."""
    return re.match(rb"<([^\s/>:]+:)?", data).group(1) or b""


_TAG = re.compile(rb"<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")


def _tag_end(data, place):
    """Where the start tag at a place ends."""
    return _TAG.match(data, place).end()
