# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Just enough of DER and X.509 to say what a certificate is: its names, its times, its key.

Pure: bytes in, plain data out. Nothing is verified.

PRIVATE to the collection.
"""

from __future__ import annotations

import calendar
import ipaddress
import re
import time
from dataclasses import dataclass
from typing import Any, Iterator

MOST_NAMES, LONGEST = 50, 200

_SEQUENCE, _INTEGER, _BITS, _OCTETS, _OID = 0x30, 0x02, 0x03, 0x04, 0x06
_UTC_TIME, _TIME = 0x17, 0x18
_WORDS = {"2.5.4.3": "CN", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C"}
_ALTERNATIVE_NAMES = "2.5.29.17"
_DNS, _IP = 0x82, 0x87
_RSA, _EC = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
_CURVES = {
    "1.2.840.10045.3.1.7": 256,
    "1.3.132.0.34": 384,
    "1.3.132.0.35": 521,
    "1.3.132.0.33": 224,
    "1.2.840.10045.3.1.1": 192,
}
_KEYS = {"1.3.101.112": ("Ed25519", 256), "1.3.101.113": ("Ed448", 448)}
_WEAK = {
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA-1",
    "1.2.840.10045.4.1": "SHA-1",
}


class DerError(ValueError):
    """The bytes are not what they should be."""


@dataclass(frozen=True)
class Value:
    """A value: its tag, its bytes with and without tag and length."""

    tag: int
    data: bytes
    whole: bytes

    def inside(self) -> list[Value]:
        """The values in it."""
        return list(values(self.data))


def values(data: bytes) -> Iterator[Value]:
    """The values that follow one another in some bytes."""
    at = 0
    while at < len(data):
        begin = at
        if at + 2 > len(data):
            raise DerError("ends in the middle of a value")
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            if not 1 <= count <= 4 or at + count > len(data):
                raise DerError("has a length that is none")
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + size > len(data):
            raise DerError("ends in the middle of a value")
        yield Value(tag, data[at : at + size], data[begin : at + size])
        at += size


def one(data: bytes, tag: int = _SEQUENCE) -> Value:
    """The first value of some bytes, which has to have a tag."""
    for value in values(data):
        if value.tag == tag:
            return value
        break
    raise DerError("is not what it should be")


def oid(data: bytes) -> str:
    """An object identifier with dots."""
    numbers, number = [], 0
    for byte in data:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    if not numbers:
        raise DerError("has an identifier that is none")
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def certificate(data: bytes) -> dict[str, Any]:
    """What a certificate says.

    subject, issuer: as people write them. names: for which it is good. begins, ends: in Unix
    seconds. own: whether it names itself as its issuer. key, bits: what kind of key it has, and
    how long that is. weak: the broken digest that it is signed with, empty for none.

    :raises DerError: when it is none.
    """
    try:
        return _certificate(data)
    except (IndexError, ValueError, OverflowError) as error:
        raise DerError(f"is not a certificate: {error}") from None


def _certificate(data: bytes) -> dict[str, Any]:
    whole = one(data).inside()
    parts = whole[0].inside()
    if parts[0].tag == 0xA0:  # the version
        parts = parts[1:]
    _serial, signed, issuer, times, subject, key = parts[:6]
    begins, ends = times.inside()[:2]
    extensions = [part for part in parts[6:] if part.tag == 0xA3]
    kind, bits = _key(key)
    names = _alternative(extensions[0]) if extensions else []
    common = _words(subject).get("CN", "")
    return {
        "subject": _shown(subject),
        "issuer": _shown(issuer),
        "names": (names or ([common] if common else []))[:MOST_NAMES],
        "begins": _when(begins),
        "ends": _when(ends),
        "own": issuer.whole == subject.whole,
        "key": kind,
        "bits": bits,
        "weak": _WEAK.get(oid(signed.inside()[0].data), ""),
    }


def _words(name: Value) -> dict[str, str]:
    found = {}
    for part in name.inside():
        for pair in part.inside():
            kind, text = pair.inside()[:2]
            encoding = "utf-16-be" if text.tag == 0x1E else "utf-8"
            word = _WORDS.get(oid(kind.data))
            if word:
                found[word] = text.data.decode(encoding, "replace")[:LONGEST]
    return found


def _shown(name: Value) -> str:
    return ", ".join(f"{word}={text}" for word, text in _words(name).items())


def _when(value: Value) -> int:
    text = value.data.decode("ascii")
    if value.tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif value.tag != _TIME:
        raise DerError("has a time that is none")
    match = re.match(r"\d{14}", text)
    if not match:
        raise DerError("has a time that is none")
    return calendar.timegm(time.strptime(match.group(), "%Y%m%d%H%M%S"))


def _key(value: Value) -> tuple[str, int]:
    algorithm, key = value.inside()[:2]
    parts = algorithm.inside()
    kind = oid(parts[0].data)
    if kind == _RSA:
        modulus = one(one(key.data[1:]).data, _INTEGER)
        return "RSA", int.from_bytes(modulus.data, "big").bit_length()
    if kind == _EC:
        curve = oid(parts[1].data) if len(parts) > 1 and parts[1].tag == _OID else ""
        return "EC", _CURVES.get(curve, 0)
    return _KEYS.get(kind, (kind, 0))


def _alternative(extensions: Value) -> list[str]:
    found = []
    for extension in one(extensions.data).inside():
        parts = extension.inside()
        if oid(parts[0].data) != _ALTERNATIVE_NAMES:
            continue
        for name in one(parts[-1].data).inside():
            if name.tag == _DNS:
                found.append(name.data.decode("ascii", "replace")[:LONGEST])
            elif name.tag == _IP and len(name.data) in (4, 16):
                found.append(str(ipaddress.ip_address(name.data)))
    return found
