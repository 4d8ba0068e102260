from __future__ import annotations

import base64

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import totp as _totp
from hypothesis import given, strategies as st


def test_published_vector():
    key = _totp.shared_key("testsecret", "sub1", "stream1", "play")
    assert key == b"testsecretsub1stream1playXXXXXXX"
    assert _totp.code(key, 1_700_000_000, 60) == ("811985", 1_700_000_040)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_vectors_of_rfc_6238(now, code):
    assert _totp.code(b"12345678901234567890", now, 30)[0] == code


@given(st.binary(min_size=5, max_size=40).filter(lambda key: len(key) % 5 == 0))
def test_registered_subscribers_have_base32(key):
    assert _totp.subscriber_key(base64.b32encode(key).decode()) == key


@pytest.mark.parametrize("text", ["ABCDEFGH", "abcdefgh", "aBcDeFgH"])
def test_small_letters_are_those_of_capital_ones(text):
    assert _totp.subscriber_key(text).hex() == "00443214c7"


# What com.amazonaws.util.Base32, which the server decodes with, answers to each.
@pytest.mark.parametrize("text", ["ABCDE===", "abcde===", "ABCDEFA=", "AA======"])
def test_padding_that_the_server_takes(text):
    assert _totp.subscriber_key(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", None, "ABCDEFG", "ABCDEFG1", "ABCDEFG=A", "ABCDEFGHIJ", "ABCDEFGHIJKLMNOPQRST"),
        *("ABCDEFG=", "ABCDEF==", "ABC=====", "AB======", "A=======", "========", "AB==CDEF"),
        *("ABCD EFG", "ABCDEFG\n", "0BCDEFGH", "8BCDEFGH", "ABCDEFGH========", "\u00c4BCDEFGH"),
    ],
)
def test_what_is_not_base32(text):
    with pytest.raises(_totp.TotpError) as caught:
        _totp.subscriber_key(text)
    assert not text or text not in str(caught.value)


@given(st.binary(min_size=1), st.integers(0, 2**40), st.integers(1, 600))
def test_a_code_holds_until_its_period_ends(key, now, period):
    code, end = _totp.code(key, now, period)
    assert len(code) == 6
    assert code.isdigit()
    assert now < end <= now + period
    assert _totp.code(key, end - 1, period) == (code, end)
