"""Values that are none, on the real server: what it does of them is what is told of them."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import re
import socket
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    observation as _observation,
)

from demo.sandbox import READY_WITHIN, set_property

pytestmark = pytest.mark.sandbox

OTHER = "127.0.0.3"
REST = "rest/v2/version"
PASSWORD = hashlib.md5(b"test-only-password-of-nobody").hexdigest()

# What an application's file has, by its bare key, and who is let in by it: from 127.0.0.1, from
# another address. None for an application that does not start.
VALUES = {
    "fine": ({}, (True, False)),
    "number": ({"gopSize": "0x10", "rtmpIngestBufferTimeMs": str(2**40)}, (True, False)),
    "broken": ({"ipFilterEnabled": "maybe"}, None),
    "blank": ({"h264Enabled": ""}, None),
    "beyond": ({"gopSize": str(2**31)}, None),
    "place": ({"vodFolder": "${no.such.key}"}, None),
    "dropped": ({"remoteAllowedCIDR": "127.0.0.3 "}, (False, False)),
    "comma": ({"remoteAllowedCIDR": ",10.0.0.0/8"}, (True, False)),
    "legacy": ({"remoteAllowedCIDR": "127.3"}, (False, True)),
    "text": ({"hlsTime": "abc"}, (True, False)),
    "short": ({"hlsListSize": "2"}, (True, False)),
}


@pytest.fixture(scope="module", params=["2.17.1", pytest.param("2.4.3", marks=pytest.mark.long)])
def server(request, sandboxes):
    sandbox = sandboxes(apps=list(VALUES), version=request.param)
    prefix = "settings." if request.param == "2.4.3" else ""
    for app, (values, _let_in) in VALUES.items():
        path = sandbox.properties(app)
        for key, text in values.items():
            lines = path.read_text("latin-1")
            path.write_text(re.sub(rf"(?m)^settings\.{key}=.*\n", "", lines), "latin-1")
            set_property(path, prefix + key, text)
    # As if the host did not know its own name.
    set_property(sandbox.properties(), "http.host", "nosuch.example")
    sandbox.start()
    wait(sandbox)
    yield sandbox
    sandbox.stop()


def wait(sandbox):
    """Wait for the applications that start; the others say nothing."""
    deadline = time.monotonic() + READY_WITHIN
    wanted = {app for app, (_values, let_in) in VALUES.items() if let_in}
    while not sandbox.log.is_file() or not wanted <= set(
        re.findall(r" - (\S+) started$", sandbox.log.read_text("utf-8", "replace"), re.MULTILINE)
    ):
        assert sandbox.pid() and time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def told(server):
    """What is told of a file, by setting; the server's own under an empty name."""
    found = _installation.observe(str(server.home))
    return {
        app: {each.name: each.what for each in _observation.remarks(found, app)}
        for app in ("", *VALUES)
    }


def ask(server, path, source="127.0.0.1", method="GET", body=None, cookie=None):
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.http_port, timeout=30, source_address=(source, 0)
    )
    headers = {"Content-Type": "application/json", **({"Cookie": cookie} if cookie else {})}
    with contextlib.closing(connection):
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.getheader("Set-Cookie", "")


def test_who_is_let_in(server, told):
    for app, (_values, let_in) in VALUES.items():
        if let_in:
            asked = (ask(server, f"/{app}/{REST}", source)[0] for source in ("127.0.0.1", OTHER))
            assert tuple(status == 200 for status in asked) == let_in, app
    assert told["fine"] == told["number"] == {}
    assert told["dropped"]["remoteAllowedCIDR"].endswith(
        "is dropped without a word; nobody gets in"
    )
    assert told["comma"] == {"remoteAllowedCIDR": "an empty entry is taken for 127.0.0.1"}
    assert told["legacy"] == {"remoteAllowedCIDR": "'127.3' is taken for 127.0.0.3"}


def test_what_does_not_start(server, told):
    log = server.log.read_text("utf-8", "replace")
    for app, (values, let_in) in VALUES.items():
        if let_in is None:
            assert f" - {app} started\n" not in log
            assert ask(server, f"/{app}/{REST}")[0] in (403, 500)
            (what,) = told[app].values()
            assert "the application does not start with it" in what
            assert set(told[app]) == set(values)


def test_what_is_read_later(server, told):
    """A save as the panel does it, of all that the application holds."""
    account = {"email": "a@example.net", "password": PASSWORD}
    first = {**account, "scope": "system", "userType": "ADMIN"}
    ask(server, "/rest/v2/users/initial", method="POST", body=first)
    answer = ask(server, "/rest/v2/users/authenticate", method="POST", body=account)
    cookie = answer[2].partition(";")[0]

    def save(app):
        path = f"/rest/v2/applications/settings/{app}"
        held = json.loads(ask(server, path, cookie=cookie)[1])
        status = ask(server, path, method="POST", body=held, cookie=cookie)[0]
        return status, json.loads(ask(server, path, cookie=cookie)[1])

    assert save("fine")[0] == 200
    assert save("text")[0] == 500
    assert "saves no setting" in told["text"]["hlsTime"]
    status, held = save("short")
    assert (status, held["hlsListSize"]) == (200, "5")
    assert "makes 5 when it saves" in told["short"]["hlsListSize"]


def test_a_name_that_the_host_does_not_know(server, told):
    assert told[""] == {
        "http.host": "'nosuch.example' is not an IP address; of a name that the host does not"
        " know the"
        " server makes every address"
    }
    with socket.create_connection((OTHER, server.http_port), 5):
        pass
