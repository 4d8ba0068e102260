from __future__ import annotations

import copy
import json

import pytest

SECRET = "test-only-stream-secret-of-the-gate-tests"
PREVIOUS = "test-only-previous-secret-of-the-gate-tests"
NOW = 1_795_000_000

POLICY = {
    "format": 1,
    "home": "/usr/local/antmedia",
    "server_version": "2.17.1",
    "upstream": {"http": 15080, "rtmp": 11935},
    "listen": {"http": 5080, "https": None, "rtmp": 1935, "rtmps": None, "answers": 9400},
    "certificate": None,
    "proxies": ["10.0.0.5/32"],
    "panel": {"cidrs": ["127.0.0.1/32"]},
    "applications": {
        "LiveApp": {
            "publish": {"kind": "jwt", "secrets": [{"secret": SECRET, "until": None}]},
            "play": {
                "kind": "jwt",
                "secrets": [
                    {"secret": SECRET, "until": None},
                    {"secret": PREVIOUS, "until": NOW + 60},
                ],
                "rtmp": "refused",
            },
            "publishers": ["198.51.100.0/24", "2001:db8::/32"],
            "rest": {"cidrs": None},
            "viewers_per_token": 0,
        },
        "open": {
            "publish": {"kind": "none", "secrets": []},
            "play": {"kind": "none", "secrets": [], "rtmp": "asked"},
            "publishers": None,
            "rest": {"cidrs": []},
            "viewers_per_token": 0,
        },
    },
}


@pytest.fixture
def plain():
    """A right policy as plain values, for one test to change as it likes."""
    return copy.deepcopy(POLICY)


@pytest.fixture
def text(plain):
    return json.dumps(plain)
