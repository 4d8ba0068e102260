# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Streams by token and by publisher's address, as the enforcement double has them."""

from __future__ import annotations

import secrets as random
import time

import pytest

from tests.kit.outside import sign

OTHER = "test-only-secret-that-no-server-knows-of"


@pytest.fixture
def stream():
    return "s" + random.token_hex(6)


def tokens(secret, stream, kind):
    """Return what must be let in and what must be refused, for one stream and one direction."""
    claims = {"streamId": stream, "type": kind, "exp": int(time.time()) + 300}
    opposite = {"publish": "play", "play": "publish"}[kind]
    return sign(secret, **claims), {
        "none": "",
        "another secret": sign(OTHER, **claims),
        "expired": sign(secret, **{**claims, "exp": 1}),
        "another stream": sign(secret, **{**claims, "streamId": "another"}),
        "another type": sign(secret, **{**claims, "type": opposite}),
    }


def of(secrets, application):
    return secrets["apps"].get(application, secrets["app_defaults"])["stream"]


def test_double_is_labelled(server):
    log = server.home.parents[2] / "var/log/antmedia/ant-media-server.log"
    assert "ENFORCEMENT DOUBLE (test only)" in log.read_text(errors="replace")


def test_play(server, secrets):
    for application in set(server.applications) - {"WebRTCApp"}:
        stream = "s" + random.token_hex(6)
        good, bad = tokens(of(secrets, application), stream, "play")
        assert server.play(application, good, stream) == "accepted"
        for label, token in bad.items():
            assert server.play(application, token, stream) == "refused", label


def test_play_left_open(server):
    assert server.play("WebRTCApp") == "accepted"


def test_publish(server, secrets, stream):
    good, bad = tokens(of(secrets, "LiveApp"), stream, "publish")
    for label, token in bad.items():
        assert server.publish("LiveApp", stream, token) == "refused", label
    assert server.publish("LiveApp", stream, good) == "accepted"


def test_one_applications_secret_opens_no_other(server, secrets, stream):
    good, _ = tokens(of(secrets, "WebRTCApp"), stream, "publish")
    assert server.publish("LiveApp", stream, good) == "refused"
    assert server.publish("WebRTCApp", stream, good) == "accepted"


@pytest.mark.parametrize(
    ("address", "verdict"), [("192.0.2.17", "accepted"), ("192.0.2.33", "refused")]
)
def test_publisher_by_address(server, secrets, stream, address, verdict):
    good, _ = tokens(of(secrets, "WebRTCApp"), stream, "publish")
    with server.address(address):
        assert server.publish("WebRTCApp", stream, good, to=address) == verdict
