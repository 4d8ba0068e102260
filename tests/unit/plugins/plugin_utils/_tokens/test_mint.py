from __future__ import annotations

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import order as _order
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.mint import Mint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Order,
    TokenError,
)
from hypothesis import given, strategies as st

SECRET = "k9_-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
SAMPLE = "zautXStXM9iW3aD3FuyPH0TdK4GHPmHq"
NOW = 1_800_000_000
GOOD = Order(app="LiveApp", stream="stream1", type="publish", lifetime="2h")


def decoded(minted, secret=SECRET):
    return jwt.decode(
        minted.value,
        secret,
        ["HS256"],
        options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )


def test_claims_of_a_stream():
    minted = Mint(NOW).mint(GOOD, SECRET)
    assert decoded(minted) == {"streamId": "stream1", "type": "publish", "exp": NOW + 7200}
    assert minted.expires == NOW + 7200
    assert jwt.get_unverified_header(minted.value) == {"alg": "HS256", "typ": "JWT"}


def test_published_vectors():
    mint = Mint(1516239022)
    stream = Order(app="LiveApp", stream="stream1", type="publish", lifetime="none")
    assert mint.mint(stream, SAMPLE).value == (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdHJlYW1JZCI6InN0cmVhbTEiLCJ0eXBlIjoicHVibGlzaCJ9"
        ".9otWqr4qTvh8afoBOifR9t9wkeaFQ3FcjMNtPuC2WKk"
    )
    rest = Order(
        realm="rest", app="LiveApp", lifetime="none", claims={"sub": "token"}, time_claims=("iat",)
    )
    assert mint.mint(rest, SAMPLE).value == (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ0b2tlbiIsImlhdCI6MTUxNjIzOTAyMn0"
        ".OESIxgNsnD_JwByKTXcrw9Ov4GaOUZw66QxMfmudhKQ"
    )
    management = Order(realm="management", lifetime="none")
    assert mint.mint(management, "cizvvh7f6ys0w3x0s1gzg6c2qzpk0gb9").value == (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.tA6sZwz_MvD9Nocf3Xv_DXhJaeTNgfsHPlg3RHEoZRk"
    )
    hashed = Order(kind="hash", app="LiveApp", stream="stream1", type="publish")
    assert mint.mint(hashed, "testtest").value == (
        "c433279fb6eda928d2a2863dd27503bac9c1b66fe0ccd9f10461214da457db67"
    )
    code = Order(kind="totp", app="LiveApp", stream="stream1", type="play", subscriber="sub1")
    minted = Mint(1_700_000_000).mint(code, "testsecret")
    assert (minted.value, minted.expires) == ("811985", 1_700_000_040)


def test_options_of_a_token():
    order = Order(
        app="LiveApp",
        stream="s",
        type="play",
        lifetime="none",
        room="room1",
        claims={"sub": "viewer"},
        time_claims=("iat", "nbf"),
    )
    assert decoded(Mint(NOW).mint(order, SECRET)) == {
        "sub": "viewer",
        "streamId": "s",
        "type": "play",
        "roomId": "room1",
        "iat": NOW,
        "nbf": NOW,
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stream": ""}, ["stream: is empty"]),
        ({"stream": "a/b"}, ["'/'"]),
        ({"stream": "a?b"}, ["'?'"]),
        ({"stream": "a b"}, ["a blank"]),
        ({"stream": "köln"}, ["'ö'"]),
        ({"stream": "🐎"}, ["letters, digits"]),
        ({"stream": "a\nb"}, ["'\\n'"]),
        ({"stream": "s" * 300}, ["300 characters"]),
        ({"stream": ".."}, ["names a folder"]),
        ({"type": ""}, ["neither publish nor play"]),
        ({"type": "watch"}, ["'watch' is neither"]),
        ({"type": "Publish"}, ["'Publish' is neither"]),
        ({"type": "publish_play"}, ["neither publish nor play"]),
        ({"app": ""}, ["app: is needed"]),
        ({"app": "a/b"}, ["characters other than letters"]),
        ({"app": "root"}, ["web panel"]),
        ({"room": "a b"}, ["room: 'a b'"]),
        ({"lifetime": "0s"}, ["lifetime: '0s' is zero"]),
        ({"lifetime": "-1h"}, ["lifetime: '-1h' is negative"]),
        ({"lifetime": "7200000"}, ["milliseconds"]),
        ({"lifetime": "2001-01-01T00:00:00Z"}, ["in the past"]),
        ({"claims": {"exp": 1, "streamId": "x"}}, ["claims.exp", "claims.streamId"]),
        ({"realm": "moon"}, ["realm: 'moon'"]),
        ({"kind": "moon"}, ["kind: 'moon'"]),
        ({"realm": "rest"}, ["stream: belongs", "type: belongs"]),
        ({"realm": "management"}, ["whole server", "stream: belongs", "type: belongs"]),
        ({"realm": "rest", "kind": "hash", "stream": "", "type": ""}, ["tokens are for streams"]),
        ({"kind": "one_time"}, ["only the server"]),
        ({"kind": "totp"}, ["subscriber:"]),
        ({"kind": "totp", "subscriber": "abc"}, ["subscriber: 'abc'"]),
        ({"kind": "totp", "subscriber": "a=bc&d"}, ["subscriber:"]),
        ({"subscriber": "sub1"}, ["only kind totp"]),
        ({"stream": "", "type": "x", "lifetime": "0s"}, ["stream", "type", "lifetime"]),
    ],
)
def test_one_clear_error_each(changes, words):
    order = Order(
        **{**{f: getattr(GOOD, f) for f in ("app", "stream", "type", "lifetime")}, **changes}
    )
    with pytest.raises(TokenError) as caught:
        Mint(NOW).mint(order, SECRET)
    assert len(caught.value.faults) == len(words)
    for fault, word in zip(caught.value.faults, words):
        assert word in fault
        assert len(fault) < 200


def test_cap():
    with pytest.raises(TokenError, match="max_lifetime"):
        Mint(NOW, cap=60).mint(GOOD, SECRET)


def test_nothing_secret_in_repr_and_summary():
    minted = Mint(NOW).mint(GOOD, SECRET)
    assert minted.value not in repr(minted)
    assert minted.value not in str(minted.summary())
    assert minted.summary() == {
        "realm": "stream",
        "kind": "jwt",
        "app": "LiveApp",
        "stream": "stream1",
        "type": "publish",
        "expires": NOW + 7200,
        "expires_at": "2027-01-15T10:00:00Z",
    }


@given(
    st.text("abcXYZ019_.-", min_size=1, max_size=200).filter(lambda s: set(s) != {"."}),
    st.sampled_from(_order.TYPES),
    st.integers(1, 10**6),
)
def test_a_token_says_what_was_ordered(stream, type_, seconds):
    order = Order(app="a", stream=stream, type=type_, lifetime=f"{seconds}s")
    minted = Mint(NOW).mint(order, SECRET)
    assert decoded(minted) == {"streamId": stream, "type": type_, "exp": NOW + seconds}


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_order_is_a_token_or_a_token_error(app, stream, type_, lifetime):
    try:
        minted = Mint(NOW).mint(
            Order(app=app, stream=stream, type=type_, lifetime=lifetime), SECRET
        )
    except TokenError as error:
        assert error.faults
    else:
        assert minted.value.count(".") == 2
