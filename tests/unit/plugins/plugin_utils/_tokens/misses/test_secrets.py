from __future__ import annotations

import base64

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    secrets as _secrets,
)

SECRET = "0123456789abcdefABCDEF0123456789"


def test_readings():
    made = {(r.code, r.key) for r in _secrets.readings(SECRET)}
    for expected in (
        ("base64", base64.b64decode(SECRET)),
        ("base64", base64.b64encode(SECRET.encode())),
        ("blanks", SECRET.encode() + b"\n"),
        ("quotes", b'"' + SECRET.encode() + b'"'),
        ("hex", bytes.fromhex(SECRET)),
        ("letters", SECRET.upper().encode()),
    ):
        assert expected in made
    assert all(
        r.words and r.text and SECRET not in r.words + r.text for r in _secrets.readings(SECRET)
    )


def test_the_secret_that_counts_comes_first():
    place = "LiveApp", "hash"
    held = {
        place: Secrets("a variable", "pending", SECRET, "previous"),
        ("events", "hash"): Secrets("a variable", current="of events"),
        ("LiveApp", "stream"): Secrets("a variable", previous="of streams"),
        ("events", "rest"): Secrets("a variable", current="of something else"),
    }
    own, others = _secrets.candidates(held, place)
    assert (own[0].words, own[0].key, own[0].version) == ("secret", SECRET.encode(), "current")
    assert {"pending secret", "previous secret"} <= {candidate.words for candidate in own}
    assert [other.words for other in others] == [
        "an empty secret",
        "hash secret of events",
        "previous stream secret",
    ]


def test_without_any():
    assert _secrets.candidates({}, ("LiveApp", "hash")) == ([], [_secrets.NONE])
