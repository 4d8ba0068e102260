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
