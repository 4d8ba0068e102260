from __future__ import annotations

import contextlib
from pathlib import Path

import hypothesis
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    der as _der,
    keystore as _keystore,
)
from hypothesis import strategies as st

TLS = Path(__file__).parent / "tls"


def data(name):
    return (TLS / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "kind", "password"),
    [
        ("keystore.jks", "jks", "password"),
        ("keytool.p12", "pkcs12", "changeit"),
        ("openssl.p12", "pkcs12", "a-password-of-its-own"),
    ],
)
def test_whether_a_password_opens_it(name, kind, password):
    assert _keystore.kind(data(name)) == kind
    assert _keystore.opens(data(name), password) is True
    for other in ("", "wrong", password.upper()):
        assert _keystore.opens(data(name), other) is False


def test_certificates_of_the_old_format_lie_open():
    (found,) = map(_der.certificate, _keystore.certificates(data("keystore.jks")))
    assert found["subject"] == "C=XX, O=Example, CN=media.example.net"
    assert _keystore.certificates(data("keytool.p12")) == []


def test_what_is_none():
    assert _keystore.kind(b"text") == ""
    assert _keystore.certificates(b"text") == []
    assert _keystore.opens(b"\x30\x03\x02\x01\x01", "x") is None
    with pytest.raises(_keystore.KeystoreError):
        _keystore.certificates(data("keystore.jks")[:300])


def test_rounds_without_end_are_not_counted():
    whole = data("keytool.p12")
    rounds = b"\x02\x02\x27\x10"  # 10,000
    assert whole.endswith(rounds)
    assert _keystore.opens(whole[:-4] + b"\x02\x02\x7f\xff", "changeit") is False
    longer = bytearray(whole[:-4] + b"\x02\x04\x7f\xff\xff\xff")
    assert _keystore.opens(bytes(longer), "changeit") is None


@hypothesis.given(st.data())
@hypothesis.settings(max_examples=100)
def test_a_broken_one_opens_to_nobody(draw):
    name = draw.draw(st.sampled_from(["keystore.jks", "openssl.p12"]))
    whole = bytearray(data(name))
    whole[draw.draw(st.integers(0, len(whole) - 1))] ^= draw.draw(st.integers(1, 255))
    with contextlib.suppress(ValueError):
        _keystore.certificates(bytes(whole))
    assert _keystore.opens(bytes(whole), "password") in (False, None)
