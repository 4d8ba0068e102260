from __future__ import annotations

import base64
import hashlib

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import shape as _shape
from hypothesis import given, strategies as st

DIGEST = hashlib.sha256(b"x")


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (DIGEST.hexdigest(), "hexadecimal digits"),
        (DIGEST.hexdigest().upper(), "capital hexadecimal digits"),
        ("sha256:" + DIGEST.hexdigest(), "hexadecimal digits with something before them"),
        ("0x" + DIGEST.hexdigest(), "hexadecimal digits with something before them"),
        (base64.b64encode(DIGEST.digest()).decode(), "base64"),
        (base64.b64encode(DIGEST.digest()).decode().rstrip("="), "base64"),
        (
            base64.b64encode(DIGEST.hexdigest().encode()).decode(),
            "base64 of hexadecimal digits",
        ),
    ],
)
def test_bytes(text, how):
    assert (how, DIGEST.digest()) in list(_shape.bytes_of(text))


def test_base64_for_urls():
    data = b"\xfb\xff" * 16
    assert ("base64url", data) in list(_shape.bytes_of(base64.urlsafe_b64encode(data).decode()))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("eyJh.eyJi.c", "a JWT"),
        ("123456", "the code of a subscriber"),
        ("6b3a55e0-261b-4a6b-8c7d-2f8a3ddc9e11", "a UUID"),
        (hashlib.md5(b"x").hexdigest(), "16 bytes, as an MD5 has"),
        (base64.b64encode(DIGEST.digest()).decode(), "base64 of 32 bytes"),
        ("hello world", ""),
        ("a" * 1000, ""),
    ],
)
def test_looks(text, words):
    assert words in _shape.looks(text)
    assert bool(_shape.looks(text)) == bool(words)


@given(st.binary(min_size=1, max_size=80))
def test_what_is_written_is_read(data):
    for text in (
        data.hex(),
        base64.b64encode(data).decode(),
        base64.urlsafe_b64encode(data).decode(),
    ):
        assert data in [found for _how, found in _shape.bytes_of(text)]


@given(st.text(max_size=100))
def test_no_text_breaks_it(text):
    _shape.looks(text)
