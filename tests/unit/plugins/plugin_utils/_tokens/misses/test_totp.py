from __future__ import annotations

import base64
import hmac

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import totp as _totp
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    totp as _misses,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import (
    Case,
    Wanted,
)

NOW = 1_800_000_000
SECRET = "TotpTotpTotpTotpTotpTotp0123456789"
OTHER = "TotpPublishTotpPublish0123456789ab"
SECRETS = {
    ("LiveApp", "totp_play"): Secrets("a variable", current=SECRET),
    ("LiveApp", "totp_publish"): Secrets("a variable", current=OTHER),
}
OWN = "6QSP6QHNDRYQS56ZJMVS37I6GQTJSDVC"


def filled(text):
    return text.encode() + b"X" * (-len(text) % 8)


def find(code, **more):
    wanted = Wanted("stream", "LiveApp", "stream1", "play", "Sub1", **more)
    found = _misses.find(Case(wanted, SECRETS, NOW), code)
    return found and found[0]


def code(key, now=NOW, period=60, name="sha1"):
    if name == "sha1":
        return _totp.code(key, now, period)[0]
    digest = hmac.digest(key, (now // period).to_bytes(8, "big"), name)
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**6).zfill(6)


RIGHT = f"{SECRET}Sub1stream1play"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (code(filled(RIGHT.replace("play", "publish"))), "stream + 'publish')"),
        (code(filled(RIGHT.replace("Sub1", "sub1"))), "'sub1' + stream"),
        (code(filled(RIGHT.replace("Sub1", ""))), "(secret + '' + stream"),
        (code(RIGHT.encode()), "not filled up with X"),
        (code(base64.b32encode(filled(RIGHT))), "as the base32 text itself"),
        (code(filled(f"Sub1stream1play{SECRET}")), "(subscriber + stream + type + secret)"),
        (code(filled(f"{SECRET}stream1Sub1play")), "(secret + stream + subscriber + type)"),
        (code(SECRET.encode()), "(secret) not filled up with X"),
        (code(filled(RIGHT), period=30), "a period of 30 seconds in place of 60"),
        (code(filled(RIGHT), name="sha256"), "with sha256 in place of sha1"),
        (code(filled(RIGHT.replace(SECRET, OTHER))), "totp_publish secret"),
        (code(RIGHT.encode(), NOW + 60), "of the next period"),
    ],
)
def test_codes_of_the_secret_of_the_application(given, words):
    found = find(given)
    assert words in found
    assert SECRET not in found
    assert OTHER not in found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (code(OWN.encode()), "as text"),
        (code(OWN.lower().encode()), "in small letters"),
        (code(base64.b32decode(OWN), period=30), "decoded from base32, for a period of 30"),
        (code(base64.b32decode(OWN), name="sha512"), "with sha512"),
    ],
)
def test_codes_of_a_subscriber_whom_the_server_knows(given, words):
    found = find(given, subscriber_secret=OWN)
    assert words in found
    assert OWN not in found


def test_few_codes_fit_by_chance():
    asked = 60
    found = [find(f"{number:06}") for number in range(1000, 1000 + asked)]
    assert sum(map(bool, found)) <= 3


def test_forms():
    assert "zeros" in _misses.form("12345")
    assert "8 digits" in _misses.form("12345678")
    assert _misses.form("x") == ""
