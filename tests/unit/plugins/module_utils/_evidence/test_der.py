from __future__ import annotations

import base64
import contextlib
import re
from pathlib import Path

import hypothesis
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import der as _der
from hypothesis import strategies as st

TLS = Path(__file__).parent / "tls"


def blobs(name):
    found = re.findall("-----BEGIN CERTIFICATE-----([^-]+)", (TLS / name).read_text())
    return [base64.b64decode(each) for each in found]


def test_a_certificate_with_names_of_all_kinds():
    (found,) = map(_der.certificate, blobs("rsa.pem"))
    assert found["subject"] == found["issuer"] == "C=XX, O=Example, CN=media.example.net"
    assert found["names"] == ["media.example.net", "*.example.net", "192.0.2.1", "2001:db8::1"]
    assert (found["own"], found["key"], found["bits"], found["weak"]) == (True, "RSA", 2048, "")
    assert found["ends"] - found["begins"] == 3650 * 86400


def test_one_that_another_has_signed():
    leaf, above = map(_der.certificate, blobs("chain.pem"))
    assert (leaf["subject"], leaf["issuer"], leaf["own"]) == (
        "CN=edge.example.net",
        "CN=Example CA",
        False,
    )
    assert (leaf["names"], leaf["key"], leaf["bits"]) == (["edge.example.net"], "EC", 384)
    assert (above["own"], above["bits"]) == (True, 256)


def test_a_weak_one_beyond_the_year_2050():
    (found,) = map(_der.certificate, blobs("weak.pem"))
    assert (found["key"], found["bits"], found["weak"]) == ("RSA", 1024, "SHA-1")
    assert found["ends"] - found["begins"] == 36500 * 86400


def test_another_kind_of_key():
    (found,) = map(_der.certificate, blobs("ed25519.pem"))
    assert (found["key"], found["bits"]) == ("Ed25519", 256)


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80", b"\x30\x85\0\0\0\0\0", b"\x02\x01\x01"]
)
def test_what_is_none(data):
    with pytest.raises(_der.DerError):
        _der.certificate(data)


@hypothesis.given(st.data())
@hypothesis.settings(max_examples=200)
def test_a_broken_one_is_an_error_or_another_one(data):
    whole = bytearray(blobs("rsa.pem")[0])
    for _change in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    for each in (bytes(whole), bytes(whole[:cut])):
        with contextlib.suppress(_der.DerError):
            assert _der.certificate(each)["subject"] is not None


@hypothesis.given(st.binary(max_size=200))
def test_any_bytes(data):
    with contextlib.suppress(_der.DerError):
        _der.certificate(data)
