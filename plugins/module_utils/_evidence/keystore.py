# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Java's keystores, as far as no password is needed; and whether a password opens one.

Pure: bytes in, plain data out. In the old format (JKS) certificates lie open, and a digest shows
whether a password is right. In PKCS 12 only the latter can be told.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from typing import Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import der as _der

JKS, PKCS12 = "jks", "pkcs12"
MOST_ENTRIES = 20
# Java makes 10,000 rounds. Whoever writes more into a file has this run wait.
MOST_ROUNDS = 100_000

_MAGIC = b"\xfe\xed\xfe\xed"
_WHITENER = b"Mighty Aphrodite"
_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class KeystoreError(ValueError):
    """The bytes are no keystore that is understood."""


def kind(data: bytes) -> str:
    """What kind of keystore it is, empty for none."""
    if data[:4] == _MAGIC:
        return JKS
    return PKCS12 if data[:1] == b"\x30" else ""


def certificates(data: bytes) -> list[bytes]:
    """The certificates that lie open in a keystore, that of each key first.

    :raises KeystoreError: when it is none.
    """
    if kind(data) != JKS:
        return []
    try:
        return list(_of_jks(_Reader(data[:-20])))
    except (struct.error, ValueError) as error:
        raise KeystoreError(f"is not a keystore: {error}") from None


def opens(data: bytes, password: str) -> bool | None:
    """Whether a password opens it; None where that cannot be told."""
    if kind(data) == JKS:
        digest = hashlib.sha1(password.encode("utf-16-be") + _WHITENER + data[:-20]).digest()
        return hmac.compare_digest(digest, data[-20:])
    try:
        return _opens_pkcs12(data, password)
    except (IndexError, ValueError):
        return None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size), "big")

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.data):
            raise ValueError("it ends too early")
        self.at += size
        return self.data[self.at - size : self.at]


def _of_jks(reader: _Reader) -> Iterator[bytes]:
    reader.take(4)
    version, count = reader.number(), reader.number()
    for _entry in range(min(count, MOST_ENTRIES)):
        tag = reader.number()
        reader.take(reader.number(2))  # its name
        reader.take(8)  # when it was made
        chain = 1
        if tag == 1:
            reader.take(reader.number())  # the key
            chain = reader.number()
        for _place in range(min(chain, MOST_ENTRIES)):
            if version == 2:
                reader.take(reader.number(2))  # X.509
            yield reader.take(reader.number())


def _opens_pkcs12(data: bytes, password: str) -> bool | None:
    _version, safe, *rest = _der.one(data).inside()
    content = _der.one(safe.inside()[1].data, 0x04).data
    digest, salt, *rounds = rest[0].inside()
    algorithm, expected = digest.inside()
    name = _HASHES.get(_der.oid(algorithm.inside()[0].data))
    count = int.from_bytes(rounds[0].data, "big") if rounds else 1
    if not name or count > MOST_ROUNDS:
        return None
    key = _derived(name, password, salt.data, count)
    return hmac.compare_digest(hmac.new(key, content, name).digest(), expected.data)


def _derived(name: str, password: str, salt: bytes, count: int) -> bytes:
    """The key of the digest of a PKCS 12 file (RFC 7292, appendix B.2), of one block."""
    size = hashlib.new(name).block_size
    secret = password.encode("utf-16-be") + b"\0\0"

    def filled(text: bytes) -> bytes:
        length = size * -(-len(text) // size)
        return (text * (length // len(text) + 1))[:length] if text else b""

    block = bytes([3]) * size + filled(salt) + filled(secret)
    for _round in range(count):
        block = hashlib.new(name, block).digest()
    return block
