from __future__ import annotations

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import jwt as _jwt
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    jwt as _misses,
)

pytestmark = pytest.mark.filterwarnings("ignore:The HMAC key is")

SECRET = "StreamStreamStreamStream0123456789"
KEY = SECRET.encode()
CLAIMS = {"streamId": "stream1", "type": "play"}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


HEAD, BODY = b64(b'{"alg":"HS256","typ":"JWT"}'), b64(json.dumps(CLAIMS).encode())
SIGNED = f"{HEAD}.{BODY}"


def mac(message, key=KEY, name="sha256"):
    return hmac.digest(key, message.encode() if isinstance(message, str) else message, name)


@pytest.mark.parametrize(
    ("signature", "code", "words"),
    [
        (mac(SIGNED, base64.b64decode(SECRET + "==")), "base64", "took the secret for base64"),
        (mac(SIGNED, base64.b64encode(KEY)), "base64", "encoded the secret as base64"),
        (mac(SIGNED, KEY + b"\n"), "blanks", "a line end at its end"),
        (mac(SIGNED, SECRET.lower().encode()), "letters", "in small letters"),
        (mac(SIGNED, hashlib.sha256(KEY).digest()), "hashed", "the SHA-256 of the secret"),
        (mac(SIGNED, hashlib.md5(KEY).hexdigest().encode()), "hashed", "the MD5 of the secret"),
        (mac(SIGNED, name="sha512"), "signing", "HMAC-SHA512, though its header"),
        (mac(SIGNED).hex().encode(), "signing", "hexadecimal digits of the HMAC"),
        (base64.b64encode(mac(SIGNED)), "signing", "encoded twice"),
        (b64(mac(SIGNED)).encode(), "signing", "encoded twice"),
        (hashlib.sha256(SIGNED.encode() + KEY).digest(), "signing", "header.payload + secret"),
        (hashlib.sha256(KEY + SIGNED.encode()).digest(), "signing", "secret + header.payload"),
        (mac(BODY), "signing", "payload alone"),
        (mac(HEAD + BODY), "signing", "without the dot"),
        (mac(json.dumps(CLAIMS)), "signing", "before it was encoded"),
        (mac(KEY, SIGNED.encode()), "signing", "with the text as the key"),
    ],
)
def test_signing(signature, code, words):
    found = _misses.signing(_jwt.read(f"{SIGNED}.{b64(signature)}"), SECRET)
    assert found[0] == code
    assert words in found[1]
    assert SECRET not in found[1]


def test_a_signature_that_nothing_made():
    assert _misses.signing(_jwt.read(f"{SIGNED}.{b64(mac(SIGNED, b'x' * 40))}"), SECRET) is None


GOOD = jwt.encode(CLAIMS, SECRET, "HS256")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'"{GOOD}"', "in quotes"),
        (GOOD.replace(".", "%2E"), "as for a URL"),
        (base64.b64encode(GOOD.encode()).decode(), "base64 of a JWT"),
        (GOOD.rsplit(".", 1)[0], "signature is missing"),
        (GOOD + ".x.y", "encrypted"),
        (GOOD[:-2] + "+/", "written in base64"),
        (base64.b64encode(b"x" * 32).decode(), "base64 of 32 bytes"),
        ("6b3a55e0-261b-4a6b-8c7d-2f8a3ddc9e11", "a UUID"),
        ("123456", "the code of a subscriber"),
    ],
)
def test_forms(text, words):
    assert words in _misses.form(text)


@pytest.mark.parametrize("text", ["", "nothing", "a b", GOOD])
def test_no_form_is_guessed(text):
    assert _misses.form(text) == ""


@pytest.mark.parametrize(
    ("claims", "name", "value", "words"),
    [
        ({"sub": "stream1"}, "streamId", "stream1", "'sub' says 'stream1', but the server reads"),
        ({"stream_id": "other"}, "streamId", "stream1", "'stream_id' says 'other'"),
        ({"streamid": "stream1"}, "streamId", "stream1", "'streamid' says"),
        ({"kanal": "stream1"}, "streamId", "stream1", "'kanal' says"),
        ({"role": "play"}, "type", "play", "'role' says 'play', but the server reads type"),
        ({"Type": "play"}, "type", "play", "'Type' says"),
        ({"expireDate": 5}, "exp", "", "'expireDate' says 5, but the server reads exp"),
        ({"expires_at": 5}, "exp", "", "'expires_at' says 5"),
    ],
)
def test_claims_that_stand_elsewhere(claims, name, value, words):
    assert words in _misses.elsewhere(claims, name, value)


def test_claims_that_stand_nowhere():
    assert _misses.elsewhere({"iat": 5, "x": ["play"], "y": None}, "type", "play") == ""
    assert len(_misses.elsewhere({"sub": "x" * 5000}, "streamId")) < 120


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("Stream1", "looks at the case"),
        (" stream1\n", "blanks around it"),
        ("stream%31", "as for a URL"),
        ("LiveApp/stream1", "without LiveApp/"),
        ("/LiveApp/stream1.m3u8", "without LiveApp/"),
        ("other", ""),
        (5, ""),
        (None, ""),
    ],
)
def test_streams(found, words):
    hint = _misses.stream(found, "stream1", "LiveApp")
    assert bool(hint) == bool(words)
    assert words in hint


def test_a_stream_that_is_a_number():
    assert "texts only" in _misses.stream(1, "1", "LiveApp")


def test_directions():
    assert "looks at the case" in _misses.type_("PLAY", "play")
    assert "publish and play only" in _misses.type_("viewer", "play")
    assert "publish and play only" in _misses.type_(["play"], "play")
    assert _misses.type_("publish", "play") == ""


def test_times():
    now = 1_800_000_000
    assert _misses.unit(now) is None
    assert _misses.unit(now * 10**3) == ("milliseconds", 10**3)
    assert _misses.unit(now * 10**6) == ("microseconds", 10**6)
    assert _misses.unit(now * 10**9) == ("nanoseconds", 10**9)
    assert "a duration" in _misses.duration(3600)
    assert _misses.duration(now) == ""
