from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import answers as _answers
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.surfaces import SURFACES
from ansible_collections.streamward.antmedia.plugins.module_utils._server.http import Answer

IN, OUT, WHAT = "let in", "refused", "unclear"
VERSION = json.dumps({"versionName": "2.17.1", "versionType": "Community Edition"}).encode()
PAGE = b"<!doctype html><html><body><p><b>Message</b> %s</p><p><b>Description</b> x</p></body>"


def page(text):
    return PAGE % text.encode()


# What real servers of 2.4.3, 2.6.1, 2.6.2 and 2.17.1 answer.
GATE = b"Refused by the gate.\n"


@pytest.mark.parametrize(
    ("surface", "status", "body", "came"),
    [
        ("panel", 200, b'{"host":"h","status":"ok"}', IN),
        ("panel", 200, b'{"success":true}', IN),
        ("panel", 200, b"<html>", WHAT),
        ("panel", 403, page("Not allowed IP"), OUT),
        ("panel", 403, page("Not authenticated user"), WHAT),
        ("panel", 404, page("x"), WHAT),
        ("panel", 0, b"", WHAT),
        ("management", 200, VERSION, IN),
        ("management", 403, page("Not authenticated user"), OUT),
        ("management", 403, page("Invalid Server JWT Token"), OUT),
        ("management", 403, page("Not allowed IP"), WHAT),
        ("management", 500, page("The Secret cannot be null"), WHAT),
        ("rest-address", 200, VERSION, IN),
        ("rest-address", 403, page("Not allowed IP"), OUT),
        # Refused, but not for the address.
        ("rest-address", 403, page("Invalid App JWT Token"), WHAT),
        ("rest-address", 403, page("Application is getting initialized"), WHAT),
        ("rest-address", 500, b"", WHAT),
        ("rest-token", 200, VERSION, IN),
        ("rest-token", 200, b"<html>", WHAT),
        ("rest-token", 403, page("Invalid App JWT Token"), OUT),
        ("rest-token", 403, page("Invalid JWT Token"), OUT),
        ("rest-token", 403, page("Not allowed IP"), IN),
        ("rest-token", 403, page("Application is getting initialized"), WHAT),
        ("rest-token", 500, page("The Secret cannot be null"), WHAT),
        ("rest-token", 404, page("x"), WHAT),
        ("cluster", 200, VERSION, IN),
        ("cluster", 403, page("Invalid App JWT Token"), OUT),
        ("cluster", 403, page("Not allowed IP"), OUT),
        ("cluster", 403, page("Application is getting initialized"), WHAT),
        ("cluster", 500, page("Not allowed IP"), WHAT),
        ("chunked", 404, b"", IN),
        ("chunked", 200, b"", IN),
        ("chunked", 403, page("Not allowed IP"), OUT),
        ("chunked", 500, b"", OUT),
        ("chunked", 403, page("Application is getting initialized"), WHAT),
        ("cloud-upload", 500, page("Storage client is not available"), IN),
        ("cloud-upload", 405, page("x"), IN),
        ("cloud-upload", 0, b"", WHAT),
        ("hls", 404, page("The requested resource is not available"), IN),
        ("hls", 200, b"#EXTM3U", IN),
        ("other-file", 200, b"", OUT),
        ("hls", 302, b"", IN),
        ("hls", 403, page("Invalid JWT Token"), OUT),
        ("hls", 403, page("Invalid Token for streamId:x"), OUT),
        ("hls", 403, page("Invalid Hash"), OUT),
        ("hls", 403, page("Time Based subscriber id or code is invalid"), OUT),
        ("hls", 403, page("Application is getting initialized"), WHAT),
        # A broken application up to 2.6.2.
        ("hls", 403, page("Invalid App JWT Token"), WHAT),
        ("hls", 500, b"", WHAT),
        ("hls", 0, b"", WHAT),
        # A gate, which judges the address before the server sees a token.
        ("hls", 403, GATE, OUT),
        ("hls", 503, b"The gate is closed.\n", WHAT),
        ("panel", 403, GATE, OUT),
        ("rest-address", 403, GATE, OUT),
        ("rest-token", 403, GATE, WHAT),
        ("chunked", 403, GATE, OUT),
        ("hls", 403, b"<html>Refused by the gate.\n", WHAT),
    ],
)
def test_answers(surface, status, body, came):
    assert SURFACES[surface].read(Answer(status, body))[0] == came


def test_words():
    assert _answers.words(Answer(403, page("Not allowed IP"))) == "HTTP 403 Not allowed IP"
    assert _answers.words(Answer(404, page("a &#47; b"))) == "HTTP 404 a / b"
    assert _answers.words(Answer(0, error="Connection refused")) == "Connection refused"
    assert _answers.words(Answer(403, GATE)) == "HTTP 403 Refused by the gate"
    assert len(_answers.words(Answer(500, page("x" * 5000)))) < 200


@pytest.mark.parametrize(
    ("surface", "verdict", "came"),
    [
        ("rtmp", "accepted", IN),
        ("rtmp", "refused", OUT),
        ("rtmp", "closed", WHAT),
        ("rtmp", "busy", WHAT),
        ("rtmp", "other", WHAT),
        ("rtmp-known", "closed", OUT),
        ("rtmp-known", "refused", OUT),
        ("rtmp-known", "accepted", IN),
    ],
)
def test_publishers(surface, verdict, came):
    assert SURFACES[surface].read((verdict, "words")) == (came, "words")


@pytest.mark.parametrize(
    ("message", "came"),
    [
        ({"command": "error", "definition": "unauthorized_access"}, OUT),
        ({"command": "error", "definition": "no_stream_exist"}, IN),
        ({"command": "start"}, IN),
        ({"command": "error", "definition": "noStreamNameSpecified"}, WHAT),
        ({}, WHAT),
    ],
)
def test_webrtc(message, came):
    assert SURFACES["webrtc"].read(message)[0] == came
