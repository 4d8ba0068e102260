from __future__ import annotations

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256
from hypothesis import given, strategies as st


@pytest.mark.parametrize(
    ("secret", "claims", "token"),
    [
        (
            "cizvvh7f6ys0w3x0s1gzg6c2qzpk0gb9",
            {},
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.tA6sZwz_MvD9Nocf3Xv_DXhJaeTNgfsHPlg3RHEoZRk",
        ),
        (
            "zautXStXM9iW3aD3FuyPH0TdK4GHPmHq",
            {"streamId": "stream1", "type": "publish"},
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdHJlYW1JZCI6InN0cmVhbTEiLCJ0eXBlIjoicHVibGlzaCJ9"
            ".9otWqr4qTvh8afoBOifR9t9wkeaFQ3FcjMNtPuC2WKk",
        ),
    ],
)
def test_published_vectors(secret, claims, token):
    assert _hs256.sign(claims, secret) == token


@given(st.dictionaries(st.text(), st.text()), st.text(min_size=32))
def test_same_bytes_as_pyjwt(claims, secret):
    claims.pop("iss", None)
    assert _hs256.sign(claims, secret) == jwt.encode(claims, secret, "HS256")


def test_foreign_header():
    token = _hs256.sign({}, "x" * 32, {"alg": "none"})
    assert jwt.get_unverified_header(token)["alg"] == "none"


SECRET = "test-only-secret-of-the-hs256-tests"


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), st.text(min_size=1))
def test_what_is_signed_is_read(claims, secret):
    token = _hs256.sign(claims, secret)
    assert _hs256.claims(token, ["other", secret]) == claims
    with pytest.raises(_hs256.NoToken, match="wrong signature"):
        _hs256.claims(token, [secret + "x", ""])


def test_what_pyjwt_signs_is_read():
    assert _hs256.claims(jwt.encode({"a": 1}, SECRET, "HS256"), [SECRET]) == {"a": 1}
    for algorithm in ("HS384", "HS512"):
        with pytest.raises(_hs256.NoToken, match="wrong algorithm"):
            _hs256.claims(jwt.encode({"a": 1}, SECRET * 2, algorithm), [SECRET * 2])


def test_nothing_signs_nothing():
    for secrets in ([], [""], iter(())):
        with pytest.raises(_hs256.NoToken, match="wrong signature"):
            _hs256.claims(_hs256.sign({}, ""), secrets)


def test_the_signature_of_a_token_has_many_spellings():
    token = _hs256.sign({}, SECRET)
    made = _hs256.signature(token)
    assert len(made) == 32
    assert _hs256.signature(token + "=") == made
    assert _hs256.signature(token[:-1] + chr(ord(token[-1]) + 1)) == made
    assert _hs256.signature(_hs256.sign({"a": 1}, SECRET)) != made
    for broken in ("a.b.+", "a.b.c", "a.b.\u00e4", "a.b.cc="):
        with pytest.raises(_hs256.NoToken, match="not a token"):
            _hs256.signature(broken)


def test_a_payload_is_read_only_once_it_is_signed(monkeypatch):
    read = []
    real = _hs256._object
    monkeypatch.setattr(_hs256, "_object", lambda part: read.append(part) or real(part))
    token = _hs256.sign({"a": 1}, SECRET)
    with pytest.raises(_hs256.NoToken):
        _hs256.claims(token, ["x" * 32])
    assert read == [token.split(".")[0]]
