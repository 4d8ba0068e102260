"""The text that a slip makes is told by its formula, and no secret with it."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    hash as _misses,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import (
    Case,
    Wanted,
)

SECRET = "HashHashHashHashHashHash0123456789"
OLD = "OldHashOldHashOldHashOld0123456789"
OTHER = "EventsHashEventsHashEvents01234567"
STREAM = "StreamStreamStreamStream0123456789"
SECRETS = {
    ("LiveApp", "hash"): Secrets("a variable", current=SECRET, previous=OLD),
    ("events", "hash"): Secrets("a variable", current=OTHER),
    ("LiveApp", "stream"): Secrets("a variable", current=STREAM),
}
KEY = SECRET.encode()


def sha256(text):
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def mac(message, key=KEY, name="sha256"):
    return hmac.digest(key, message.encode(), name)


def find(text, secrets=SECRETS, **more):
    wanted = Wanted("stream", "LiveApp", "stream1", "play")
    return _misses.find(Case(wanted, secrets, 0, **more), text)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        (sha256(SECRET + "stream1play"), "sha256(secret + stream + type)"),
        (sha256("playstream1" + SECRET), "sha256(type + stream + secret)"),
        (sha256("stream1" + SECRET), "sha256(stream + secret)"),
        (sha256("play" + SECRET), "sha256(type + secret)"),
        (sha256("stream1PLAY" + SECRET), "sha256(stream + 'PLAY' + secret)"),
        (sha256("stream1publish" + SECRET), "sha256(stream + 'publish' + secret)"),
        (sha256("STREAM1play" + SECRET), "sha256('STREAM1' + type + secret)"),
        (sha256("LiveApp/stream1play" + SECRET), "sha256('LiveApp/stream1' + type + secret)"),
        (sha256("stream1:play:" + SECRET), "sha256(stream + ':' + type + ':' + secret)"),
        (sha256(f"stream1play{SECRET}\n"), "sha256(stream + type + secret + a line end)"),
        (sha256("stream1play"), "sha256(stream + type + an empty secret)"),
        (sha256("stream1play" + OLD), "sha256(stream + type + previous secret)"),
        (sha256("stream1play" + OTHER), "sha256(stream + type + hash secret of events)"),
        (sha256("stream1play" + STREAM), "sha256(stream + type + stream secret)"),
        (sha256(f"stream1play{SECRET}").upper(), f"{'sha256(stream + type + secret)'} in capital"),
        (
            sha256(b"stream1play" + base64.b64decode(SECRET + "==")),
            "sha256(stream + type + secret decoded from base64)",
        ),
        (
            base64.b64encode(bytes.fromhex(sha256("stream1play" + SECRET))).decode(),
            "sha256(stream + type + secret) in base64",
        ),
        (
            base64.b64encode(sha256("stream1play" + SECRET).encode()).decode(),
            "sha256(stream + type + secret) in base64 of hexadecimal digits",
        ),
        (mac("stream1play").hex(), "hmac_sha256(key secret, stream + type)"),
        (
            base64.b64encode(mac("stream1play")).decode(),
            "hmac_sha256(key secret, stream + type) in base64",
        ),
        (mac("stream1play", name="sha1").hex(), "hmac_sha1(key secret, stream + type)"),
        (
            hashlib.md5(f"stream1play{SECRET}".encode()).hexdigest(),
            "md5(stream + type + secret)",
        ),
        (
            hashlib.sha512(f"{SECRET}stream1play".encode()).hexdigest(),
            "sha512(secret + stream + type)",
        ),
    ],
)
def test_formulas(text, formula):
    found = find(text)
    assert found.formula.startswith(formula)
    assert not any(secret in repr(found.formula) for secret in (SECRET, OLD, OTHER, STREAM))


def test_the_fewest_slips_are_told():
    assert find(sha256("stream1play" + SECRET)).slips == ()
    assert find(sha256("stream1publish" + SECRET)).slips == ("type",)
    assert find(sha256(SECRET + "stream1publish")).slips == ("type", "order")
    assert find(sha256("stream1play" + OLD)).slips == ("secret",)


def test_what_the_address_says_is_tried_too():
    text = sha256("camplay" + SECRET)
    assert find(text) is None
    assert find(text, named=("cam",)).formula == "sha256('cam' + type + secret)"
    text = base64.urlsafe_b64encode(mac("stream1play1800000600")).decode()
    assert find(text) is None
    assert find(text, parameters={"expireDate": "1800000600"}).formula == (
        "hmac_sha256(key secret, stream + type + expireDate) in base64url"
    )


@pytest.mark.parametrize("text", ["", "x", "0" * 64, "stream1", "a.b.c", "=" * 44, "a" * 5000])
def test_what_nothing_makes(text):
    assert find(text) is None


def test_without_secrets_only_what_needs_none():
    assert find(sha256("stream1play" + SECRET), {}) is None
    assert find(sha256("stream1play"), {}).formula == "sha256(stream + type + an empty secret)"
