from __future__ import annotations

import base64
import hashlib
import json
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    hs256 as _hs256,
    http as _http,
    management as _management,
)

pytestmark = pytest.mark.usefixtures("listens")

ADMIN = {"email": "admin@example.net", "password": "a password that is nobody's"}


def installation(fake, web, version="2.17.1", dashboard="127.0.0.1", jwt=True, jwks=""):
    server = (
        f"http.port={web.port}\nserver.allowed_dashboard_CIDR={dashboard}\nserver.jwksURL={jwks}\n"
    )
    if jwt:
        server += "server.jwtServerControlEnabled=true\nserver.jwtServerSecretKey={}\n".format(
            fake.SECRETS["management"]
        )
    return fake.installation(version, server.encode())


@pytest.fixture
def make(fake, web):
    """A client of the web server: `make(version=..., dashboard=..., jwt=..., admin=...)`."""

    def management(admin=None, **options):
        return _management.Management(installation(fake, web, **options), admin)

    return management


# --- the way in ---


@pytest.mark.parametrize(
    ("dashboard", "way"),
    [
        ("127.0.0.1", ("127.0.0.1", None)),
        ("0.0.0.0/0", ("127.0.0.1", None)),
        ("10.0.0.0/8,127.0.0.1", ("127.0.0.1", None)),
        ("127.0.0.16/28", ("127.0.0.16", None)),
        ("10.0.0.0/8,127.0.0.2", ("127.0.0.2", None)),
        ("10.0.0.0/8", ("127.0.0.1", "10.0.0.1")),
        ("192.0.2.7", ("127.0.0.1", "192.0.2.7")),
        ("2001:db8::/64", ("127.0.0.1", "2001:db8::1")),
        ("2001:db8::7,::1", ("127.0.0.1", "::1")),
        ("", None),
        ("'0.0.0.0/0'", None),
    ],
)
def test_a_way_past_the_list(dashboard, way):
    assert _management.way_in(dashboard) == way


def test_the_way_in_is_taken(make, web):
    web.answers["GET", "/rest/v2/liveness"] = (200, {"status": "ok"})
    assert make(dashboard="10.0.0.0/8").alive()
    assert web.requests[0]["headers"]["X-Forwarded-For"] == "10.0.0.1"
    assert make(dashboard="127.0.0.7").alive()
    assert web.requests[1]["source"] == "127.0.0.7"
    assert "X-Forwarded-For" not in web.requests[1]["headers"]


@pytest.mark.parametrize(("status", "alive"), [(200, True), (403, True), (500, False), (0, False)])
def test_nobody_is_let_in(make, web, status, alive):
    """Then it is the refusal that shows a server; nothing can be asked of it."""
    web.answers["GET", "/rest/v2/liveness"] = (status, b"")
    management = make(dashboard="", admin=ADMIN)
    if not status:
        web.close()
    assert management.alive() is alive
    assert not management.accessible


def test_a_refusal_is_no_sign_of_life_where_this_host_is_let_in(make, web):
    web.answers["GET", "/rest/v2/liveness"] = (403, b"Not allowed IP")
    assert not make().alive()


def test_a_server_that_listens_on_one_address(fake, monkeypatch):
    asked = []

    def request(port, _method, _path, **options):
        asked.append((options["host"], port, options["source"]))
        return _http.Answer(200)

    monkeypatch.setattr(_http, "request", request)
    for host in ("192.0.2.1", " ", "0.0.0.0", "::"):
        server = "http.host={0}\nhttp.port=5081\nserver.allowed_dashboard_CIDR=0.0.0.0/0\n"
        server = server.format(host).encode()
        assert _management.Management(fake.installation(server=server)).alive()
    # From the loopback all the same: so the server sees the peer that it believes.
    assert asked == [("192.0.2.1", 5081, "127.0.0.1")] + 3 * [("127.0.0.1", 5081, "127.0.0.1")]


# --- who asks ---


def test_the_management_secret(fake, web):
    secret = fake.SECRETS["management"]
    assert _management.management_secret(installation(fake, web)) == secret
    assert _management.management_secret(installation(fake, web, version="2.5.0")) == secret
    assert _management.management_secret(installation(fake, web, version="2.4.3")) == ""
    assert _management.management_secret(installation(fake, web, jwt=False)) == ""
    assert _management.management_secret(installation(fake, web, jwks="https://example.net")) == ""
    on = b"server.jwtServerControlEnabled= ON "
    assert _management.management_secret(fake.installation(server=on)) == ""
    on += b"\nserver.jwtServerSecretKey=x"
    assert _management.management_secret(fake.installation(server=on)) == "x"


def test_access(make):
    assert make().accessible
    assert make(jwt=False, admin=ADMIN).accessible
    assert not make(jwt=False).accessible


def test_a_request_carries_a_token_that_expires(make, web, fake):
    web.answers["GET", "/rest/v2/applications"] = (200, {"applications": ["LiveApp"]})
    assert make().applications() == ["LiveApp"]
    headers = web.requests[0]["headers"]
    token = headers["ProxyAuthorization"]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert 0 < claims["exp"] - time.time() <= _management.TOKEN_SECONDS
    assert token == _hs256.sign(claims, fake.SECRETS["management"])
    assert "Authorization" not in headers  # 2.6 would look at that one first


def test_an_admin_logs_in_once(make, web):
    web.answers["POST", "/rest/v2/users/authenticate"] = (
        200,
        {"success": True},
        ("Set-Cookie", "JSESSIONID=abc; Path=/; HttpOnly"),
    )
    web.answers["GET", "/rest/v2/applications"] = (200, {"applications": []})
    client = make(jwt=False, admin=ADMIN)
    assert client.applications() == []
    assert client.applications() == []
    assert web.paths() == [
        "GET /rest/v2/first-login-status",
        "POST /rest/v2/users/authenticate",
        "GET /rest/v2/applications",
        "GET /rest/v2/applications",
    ]
    digest = hashlib.md5(ADMIN["password"].encode()).hexdigest()
    assert web.requests[1]["body"] == {"email": ADMIN["email"], "password": digest}
    assert web.requests[3]["headers"]["Cookie"] == "JSESSIONID=abc"


@pytest.mark.parametrize("answer", [(200, {"success": False}), (403, b"Not allowed IP"), (200, [])])
def test_an_admin_who_is_refused(make, web, answer):
    web.answers["POST", "/rest/v2/users/authenticate"] = answer
    with pytest.raises(_management.RestError, match=f"refused \\(HTTP {answer[0]}\\)") as caught:
        make(jwt=False, admin=ADMIN).applications()
    assert ADMIN["password"] not in str(caught.value)


def test_a_refused_log_in_is_not_tried_again(make, web):
    web.answers["POST", "/rest/v2/users/authenticate"] = (200, {"success": False})
    client = make(jwt=False, admin=ADMIN)
    for _again in range(3):
        with pytest.raises(_management.RestError, match="the admin account was refused"):
            client.applications()
    assert web.paths().count("POST /rest/v2/users/authenticate") == 1
    assert not client.accessible
    assert make(admin=ADMIN).accessible


def test_nobody_logs_in_where_nobody_is_admin(make, web):
    web.answers["GET", "/rest/v2/first-login-status"] = (200, {"success": True})
    client = make(jwt=False, admin=ADMIN)
    with pytest.raises(_management.RestError, match="this server has no admin yet"):
        client.applications()
    assert web.paths() == ["GET /rest/v2/first-login-status"]
    assert client.accessible


def test_a_server_is_greeted_once_when_it_is_alive(fake, web):
    greeted = []
    client = _management.Management(installation(fake, web), greet=lambda: greeted.append(1))
    client.alive()
    assert greeted == []
    web.answers["GET", "/rest/v2/liveness"] = (200, {})
    client.alive()
    client.alive()
    assert greeted == [1]


def test_nobody_to_ask_as(make):
    with pytest.raises(
        _management.RestError, match="neither a management JWT nor an admin account"
    ):
        make(jwt=False).applications()


# --- answers ---


@pytest.mark.parametrize(
    ("version", "path"), [("2.4.3", "first-login-status"), ("2.5.1", "liveness")]
)
def test_alive(make, web, version, path):
    client = make(version=version)
    assert not client.alive()
    web.answers["GET", "/rest/v2/" + path] = (200, {})
    assert client.alive()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((200, {"success": True}), True),
        ((200, {"success": False}), False),
        ((200, {}), None),
        ((403, b"x"), None),
        ((200, [1]), None),
    ],
)
def test_unclaimed(make, web, answer, found):
    web.answers["GET", "/rest/v2/first-login-status"] = answer
    assert make().unclaimed() is found


def test_the_first_admin(make, web):
    web.answers["POST", "/rest/v2/users/initial"] = (200, {"success": True})
    make(admin=ADMIN).claim()
    body = web.requests[0]["body"]
    assert body.pop("password") == hashlib.md5(ADMIN["password"].encode()).hexdigest()
    assert body == {"email": ADMIN["email"], "scope": "system", "userType": "ADMIN"}


@pytest.mark.parametrize("answer", [(200, {"success": False}), (500, b""), (200, [])])
def test_no_first_admin(make, web, answer):
    web.answers["POST", "/rest/v2/users/initial"] = answer
    with pytest.raises(_management.RestError, match=f"could not be created \\(HTTP {answer[0]}\\)"):
        make(admin=ADMIN).claim()
    client = make(jwt=False, admin=ADMIN)
    with pytest.raises(_management.RestError):
        client.claim()
    assert not client.accessible


@pytest.mark.parametrize("content", [None, {}, {"applications": None}])
def test_no_applications(make, web, content):
    web.answers["GET", "/rest/v2/applications"] = (200, content)
    assert make().applications() == []


def test_settings_of_the_server(make, web):
    web.answers["GET", "/rest/v2/server-settings"] = (200, {"a": 1})
    assert make().server_settings() == {"a": 1}
    web.answers["GET", "/rest/v2/server-settings"] = (200, [])
    assert make().server_settings() == {}


def test_settings_of_an_application(make, web):
    web.answers["GET", "/rest/v2/applications/settings/a%2Fb"] = (200, {"a": 1})
    assert make().settings("a/b") == {"a": 1}


@pytest.mark.parametrize(
    ("answer", "text", "status"),
    [
        ((204, b""), "HTTP 204", 204),
        ((200, b""), "application x has not started", 0),
        ((403, b"no"), "GET applications/settings/x: HTTP 403", 403),
    ],
)
def test_an_application_that_holds_none(make, web, answer, text, status):
    web.answers["GET", "/rest/v2/applications/settings/x"] = answer
    with pytest.raises(_management.RestError, match=text) as caught:
        make().settings("x")
    assert caught.value.status == status


def test_nobody_answers(fake, web, make):
    client = make()
    web.close()
    client.timeout = 0.5
    with pytest.raises(_management.RestError, match="GET applications: Connection refused"):
        client.applications()


def test_posted_settings(make, web):
    web.answers["POST", "/rest/v2/applications/settings/x"] = (200, {"success": True})
    make().post_settings("x", {"a": 1})
    assert web.requests[0]["body"] == {"a": 1}


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ((200, {"success": False, "message": "both"}), "application x: the server refused: both"),
        ((200, {"success": False}), "no reason given"),
        ((200, b""), "no reason given"),
        ((200, ["x"]), "no reason given"),
        ((500, b""), "POST applications/settings/x: HTTP 500"),
    ],
)
def test_posted_settings_that_are_refused(make, web, answer, text):
    web.answers["POST", "/rest/v2/applications/settings/x"] = answer
    with pytest.raises(_management.RestError, match=text):
        make().post_settings("x", {"jwtSecretKey": "secret"})


def test_what_the_server_says_of_a_refusal_is_told_without_secrets(make, web, fake):
    secret = fake.SECRETS["rest"]
    answer = {"success": False, "message": "jwtSecretKey " + secret + " is no good"}
    web.answers["POST", "/rest/v2/applications/settings/LiveApp"] = (200, answer)
    with pytest.raises(_management.RestError) as caught:
        make().post_settings("LiveApp", {"jwtSecretKey": secret, "gopSize": 1})
    assert str(caught.value) == (
        "application LiveApp: the server refused: jwtSecretKey (secret) is no good"
    )
