from __future__ import annotations

import base64
import json
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    http as _http,
)

pytestmark = pytest.mark.usefixtures("listens")

SECRET = "rEst-secret-0123456789-abcdefghij-x"
VERSION = ("GET", "/LiveApp/rest/v2/version")


def test_asked_as_the_file_lets_in(app, web):
    web.answers[VERSION] = (200, {})
    assert _app.ask(app(), "LiveApp").status == 200
    assert _app.ask(app("remoteAllowedCIDR=127.0.0.5"), "LiveApp").status == 200
    assert _app.ask(app("remoteAllowedCIDR=10.1.0.0/16"), "LiveApp").status == 200
    plain, own, foreign = web.requests
    assert (plain["source"], plain["headers"].get("X-Forwarded-For")) == ("127.0.0.1", None)
    assert (own["source"], own["headers"].get("X-Forwarded-For")) == ("127.0.0.5", None)
    assert (foreign["source"], foreign["headers"].get("X-Forwarded-For")) == (
        "127.0.0.1",
        "10.1.0.1",
    )
    assert "Authorization" not in plain["headers"]


def test_asked_with_a_token_where_the_file_says_so(app, web):
    found = app("jwtControlEnabled=yes", "jwtSecretKey=" + SECRET)
    _app.ask(found, "LiveApp")
    _app.ask(found, "LiveApp", token=False)
    token = web.requests[0]["headers"]["Authorization"]  # without Bearer, as 2.11 wants it
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert 0 < claims["exp"] - time.time() <= _app.TOKEN_SECONDS
    assert "Authorization" not in web.requests[1]["headers"]


@pytest.mark.parametrize(
    ("lines", "asks"),
    [
        ((), False),
        (("jwtControlEnabled=true",), False),
        (("jwtSecretKey=x",), False),
        (("jwtControlEnabled=on", "jwtSecretKey=x"), True),
        (("jwtControlEnabled=true", "jwtSecretKey=x", "jwksURL=https://example.net"), False),
        (("jwtControlEnabled=maybe", "jwtSecretKey=x"), False),
    ],
)
def test_asks_for_tokens_of_a_secret_of_its_own(app, lines, asks):
    assert _app.asks_for_token(app(*lines), "LiveApp") is asks


def test_a_server_that_listens_on_one_address(fake, monkeypatch):
    asked = []

    def request(port, _method, _path, **options):
        asked.append((options["host"], port, options["source"]))
        return _http.Answer(200)

    monkeypatch.setattr(_http, "request", request)
    found = fake.installation(server=b"http.host=192.0.2.1\nhttp.port=5081\n")
    assert _app.ask(found, "LiveApp").status == 200
    assert asked == [("192.0.2.1", 5081, "127.0.0.1")]


def test_applications_that_came_up_open(app, web):
    guard = ("jwtControlEnabled=true", "jwtSecretKey=" + SECRET)
    web.answers[VERSION] = (403, b"")
    assert _app.open_apps(app(*guard)) == []
    web.answers[VERSION] = (200, {})
    assert _app.open_apps(app(*guard)) == ["LiveApp"]
    assert "Authorization" not in web.requests[-1]["headers"]
    assert _app.open_apps(app()) == []


def test_an_error_of_the_network_is_no_answer(app, monkeypatch):
    monkeypatch.setattr(_http, "request", lambda *a, **o: _http.Answer(0, error="x"))
    assert _app.open_apps(app("jwtControlEnabled=true", "jwtSecretKey=" + SECRET)) == []
