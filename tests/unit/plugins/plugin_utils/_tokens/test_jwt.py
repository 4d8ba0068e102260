from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import jwt as _jwt
from hypothesis import given, strategies as st

SECRET = "k9_-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
SAMPLE = "zautXStXM9iW3aD3FuyPH0TdK4GHPmHq"

# Published in the vendor's documentation.
VECTORS = [
    (
        SAMPLE,
        {"sub": "token", "iat": 1516239022},
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ0b2tlbiIsImlhdCI6MTUxNjIzOTAyMn0"
        ".OESIxgNsnD_JwByKTXcrw9Ov4GaOUZw66QxMfmudhKQ",
    ),
    (
        "cizvvh7f6ys0w3x0s1gzg6c2qzpk0gb9",
        {},
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.tA6sZwz_MvD9Nocf3Xv_DXhJaeTNgfsHPlg3RHEoZRk",
    ),
    (
        SAMPLE,
        {"streamId": "stream1", "type": "publish"},
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
        ".eyJzdHJlYW1JZCI6InN0cmVhbTEiLCJ0eXBlIjoicHVibGlzaCJ9"
        ".9otWqr4qTvh8afoBOifR9t9wkeaFQ3FcjMNtPuC2WKk",
    ),
]


def compact(header, claims, secret=SECRET):
    parts = [
        base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in (header, claims)
    ]
    signed = ".".join(parts)
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return signed + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


HEAD = '{"alg":"HS256","typ":"JWT"}'


@pytest.mark.parametrize(("secret", "claims", "token"), VECTORS)
def test_published_vectors(secret, claims, token):
    assert _jwt.Signer(secret).sign(claims) == token
    read = _jwt.read(token)
    assert read.claims == claims
    assert read.signed_by(secret)
    assert not read.signed_by(secret + "x")


@given(
    st.dictionaries(st.text(), st.text() | st.integers(-(2**62), 2**62) | st.booleans()),
    st.text(min_size=32),
)
def test_the_bytes_of_pyjwt(claims, secret):
    for name in ("iss", "exp", "iat", "nbf"):
        claims.pop(name, None)
    token = jwt.encode(claims, secret, "HS256")
    assert _jwt.Signer(secret).sign(claims) == token
    assert _jwt.read(token).signed_by(secret)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "three parts"),
        ("a.b", "three parts"),
        ("a.b.c.d", "three parts"),
        ("a+.b.c", "not base64url"),
        ("a.b.c", "not base64url"),
        ("é.b.c", "not base64url"),
        (compact("[]", "{}"), "header is not a JSON object"),
        (compact("{", "{}"), "header is not JSON"),
        (compact(HEAD, "1"), "payload is not a JSON object"),
        (compact(HEAD, '{"a": NaN}'), "payload is not JSON"),
        (compact(HEAD, '{"exp": "1800000000"}'), "exp is not a number"),
        (compact(HEAD, '{"exp": true}'), "exp is not a number"),
        (compact(HEAD, '{"iat": 1e30}'), "iat is out of range"),
        (compact(HEAD, "[" * 100000), "payload is not JSON"),
        (compact(HEAD, "{}") + "==", "signature is not base64url"),
    ],
)
def test_unreadable(text, word):
    with pytest.raises(_jwt.JwtError, match=word):
        _jwt.read(text)


def test_what_java_shrugs_at():
    assert _jwt.read(compact(HEAD, '{"a":1,"a":2} and more')).claims == {"a": 2}
    assert _jwt.read(compact(HEAD, '{"exp": null}')).claims == {"exp": None}
    token = _jwt.read(compact(HEAD, '{"exp": 1800000000.9}'))
    assert _jwt.moment(token.claims, "exp") == 1800000000


@pytest.mark.parametrize("name", ["HS384", "HS512"])
def test_other_hmacs_are_recognised(name):
    read = _jwt.read(jwt.encode({}, SECRET * 2, name))
    assert read.algorithm == name
    assert read.signed_by(SECRET * 2, name)
    assert not read.signed_by(SECRET * 2)


def test_no_key_signs_nothing():
    assert not _jwt.read(compact(HEAD, "{}")).signed_by("")
    assert not _jwt.read(compact(HEAD, "{}")).signed_by(b"")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_read_or_a_jwt_error(text):
    with contextlib.suppress(_jwt.JwtError):
        assert json.dumps(_jwt.read(text).claims)
