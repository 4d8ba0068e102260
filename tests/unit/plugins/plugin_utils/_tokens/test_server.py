from __future__ import annotations

import http.server
import json
import threading

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import server as _server
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Order,
    TokenError,
)

JWT = Order(app="LiveApp", stream="stream1", type="play")
ONCE = Order(kind="one_time", app="LiveApp", stream="stream1", type="publish", room="room1")
CODE = Order(kind="totp", app="LiveApp", stream="stream1", type="play", subscriber="sub1")


def test_questions():
    base = "/rest/v2/broadcasts/stream1"
    assert _server.question(JWT, 99) == f"{base}/jwt-token?expireDate=99&type=play"
    assert _server.question(ONCE, 99) == f"{base}/token?expireDate=99&type=publish&roomId=room1"
    assert _server.question(CODE, 99) == f"{base}/subscribers/sub1/totp?type=play"


def test_answers():
    token = {
        "tokenId": "a.b.c",
        "streamId": "stream1",
        "expireDate": 99,
        "type": "play",
        "roomId": None,
    }
    minted = _server.answer(JWT, 99, 200, json.dumps(token))
    assert (minted.value, minted.expires) == ("a.b.c", 99)
    assert _server.answer(CODE, 99, 200, '{"success":true,"dataId":"123456"}').value == "123456"


def page(text):
    return f"<html><body><p><b>Message</b> {text}</p></body></html>"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            400,
            '{"success":false,"message":"Cannot create JWT token. The problem can be ->  this is'
            ' community edition or JWT stream key is not set"}',
            "Community edition, or the app's stream secret",
        ),
        (
            400,
            '{"message":"Cannot create token. It may be a mock token service"}',
            "Community edition",
        ),
        (403, page("Not allowed IP"), "rest_cidrs"),
        (403, page("Invalid App JWT Token"), "is the rest secret the one it holds"),
        (403, page("Application is getting initialized"), "still starting"),
        (404, page("Not Found"), "no such app"),
        (500, "", "the server's log"),
        (418, page("I'm a teapot"), "HTTP 418: I'm a teapot"),
        (418, "", "no reason given"),
        (200, "{}", "holds no token"),
        (200, "[]", "holds no token"),
        (200, "<html>", "holds no token"),
        (None, "refused", "no answer from the server: refused"),
        (-1, "refused", "no answer"),
    ],
)
def test_refusals_in_words(status, body, words):
    with pytest.raises(TokenError, match="source: ") as caught:
        _server.answer(JWT, 99, status, body)
    assert words in str(caught.value)


def test_fetch():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            ok = self.headers["Authorization"] == "secret"
            self.send_response(200 if ok else 403)
            self.end_headers()
            self.wfile.write(b"yes" if ok else b"no")

        def log_message(self, *_args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/x"
    assert _server.fetch(url, {"Authorization": "secret"}) == (200, "yes")
    assert _server.fetch(url, {}) == (403, "no")
    server.shutdown()
    server.server_close()
    status, reason = _server.fetch(url, {})
    assert status is None
    assert "refused" in reason


@pytest.mark.parametrize("token", ["a b", "x'; touch /tmp/x; '", "{{ 7 * 7 }}", "\x1b[31m", "", 5])
def test_what_is_no_token_is_not_taken_for_one(token):
    with pytest.raises(TokenError, match="holds no token"):
        _server.answer(ONCE, 1, 200, json.dumps({"tokenId": token}))
