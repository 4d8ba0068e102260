"""A front by TLS, asked from another machine, with a server behind it that obeys its lists."""

from __future__ import annotations

import contextlib
import re
import socket

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import vantage as _vantage
from ansible_collections.streamward.antmedia.plugins.module_utils._server import tls as _tls

from tests.kit.authority import Authority
from tests.kit.front import Front

from .fronts import plan as plan_of

INSIDE, OUTSIDE = "198.51.100.7", "203.0.113.5"
NEW = {"front-address", "front-certificate", "ports-beside-front"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


class Behind:
    """The server: it believes the last address that its front adds, and nobody's word before it."""

    allowed = "198.51.100.0/24"
    believes_all = False

    def answer(self, request, content):
        said = re.split(r",\s*", request["headers"].get("X-Forwarded-For", ""))
        who = said[0] if self.believes_all else said[-1]
        if _cidr.contains(self.allowed, who or request["source"]):
            return 200, content
        return 403, b"<b>Message</b> Not allowed IP"


@pytest.fixture
def behind(web):
    server = Behind()
    web.answers["GET", "/rest/v2/liveness"] = lambda r: server.answer(r, {"status": "ok"})
    web.answers["GET", "/LiveApp/rest/v2/version"] = lambda r: server.answer(
        r, {"versionName": "2.17.1"}
    )
    return server


@pytest.fixture
def closed():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def prove(authority, behind, web, closed, monkeypatch):
    """Ask a front as a machine of an address does; its own ports are closed unless said so."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    with contextlib.ExitStack() as fronts:

        def run(address=OUTSIDE, certificate=None, tokens=None, named=("https_port",), **more):
            front = Front(web.port, certificate or authority.issue("localhost"))
            fronts.callback(front.close)
            front.sees = address
            for name in ("adds", "closed"):
                if name in more:
                    setattr(front, name, more.pop(name))
            about = {"host": "localhost", "port": front.port, "tls": True, "rtmps_port": 0}
            about["named"] = list(named)
            given = {"http_port": closed, "rtmp_port": closed, **more}
            plan = plan_of(about, **given)
            result = _vantage.Vantage(plan, "127.0.0.1", tokens or {}, address).run()
            run.front, run.result = front, result
            return {(c["app"], c["control"]): c for c in result["controls"]}

        yield run


def outcomes(found):
    return {place: control["outcome"] for place, control in found.items()}


def test_lists_hold_from_outside_and_inside(prove):
    found = prove(OUTSIDE)
    assert set(outcomes(found).values()) == {"enforced"}, found
    assert {name for _app, name in found} <= NEW
    assert ("LiveApp", "front-address") in found
    assert found["", "front-certificate"]["note"].startswith("valid for 90 days, until ")
    assert prove.result["soon"] == []
    hosts = {host for host, _path, _headers in prove.front.seen}
    assert hosts == {f"localhost:{prove.front.port}"}


def test_who_is_on_the_list_cannot_tell_alone(prove):
    found = prove(INSIDE, proxies="nobody")
    for app in ("", "LiveApp"):
        control = found[app, "front-address"]
        assert (control["outcome"], control["excused"]) == ("cannot tell", True)
        assert (control["probes"], control["right"]) == (2, 2)
        assert control["reason"].endswith("ask from a vantage that is not on it")
    # A front that passes on what it is told gives itself away.
    found = prove(INSIDE, adds=False, proxies="nobody")
    assert found["", "front-address"]["outcome"] == "not enforced"


def test_a_front_that_does_not_say_who_asks(prove, behind):
    """Everybody is the front then: who is on no list gets in, or nobody does."""
    behind.allowed = "127.0.0.1,198.51.100.0/24"
    found = prove(OUTSIDE, adds=False)
    assert found["", "front-address"]["outcome"] == "not enforced"
    assert found["", "front-address"]["reason"].startswith(f"lets in: from {OUTSIDE}")
    behind.allowed = "198.51.100.0/24"
    found = prove(INSIDE, adds=False)
    assert found["LiveApp", "front-address"]["outcome"] == "not enforced"
    assert (
        "refuses: from 198.51.100.7: HTTP 403 Not allowed IP"
        in (found["LiveApp", "front-address"]["reason"])
    )


def test_a_server_that_believes_what_a_caller_claims(prove, behind):
    behind.believes_all = True
    found = prove(OUTSIDE)
    assert found["", "front-address"]["outcome"] == "not enforced"
    assert found["", "front-address"]["reason"].startswith(
        "lets in: from 198.51.100.0 by X-Forwarded-For; the server does not learn from the front"
    )


def test_what_the_front_closes(prove):
    found = prove(INSIDE, closed={"/rest/": 404, "/LiveApp/rest/": 403})
    for app in ("", "LiveApp"):
        control = found[app, "front-address"]
        assert (control["outcome"], control["note"]) == ("enforced", "the front itself closes it")
    found = prove(INSIDE, closed={"/": 502})
    assert found["", "front-address"]["outcome"] == "cannot tell"


def test_a_refusal_needs_a_server_that_runs(prove):
    found = prove(OUTSIDE, alive=False)
    assert found["", "front-address"]["outcome"] == "cannot tell"
    assert found["", "ports-beside-front"]["outcome"] == "cannot tell"
    assert found["", "front-certificate"]["outcome"] == "enforced"


def test_a_bad_certificate_keeps_tokens_here(prove, authority):
    apps = plan_of()["apps"]
    apps["LiveApp"]["rest_token"] = True
    bad = authority.issue("elsewhere.example.net", self_signed=True)
    found = prove(OUTSIDE, bad, {"LiveApp": {"rest": "T"}}, apps=apps, alive=False)
    control = found["", "front-certificate"]
    assert control["outcome"] == "not enforced"
    assert control["reason"].startswith(
        f"refuses: whoever checks the certificate at port {prove.front.port}: it is for"
        " elsewhere.example.net, not for localhost; it is self-signed (it ends on 20"
    )
    assert found["LiveApp", "front-address"]["outcome"] == "cannot tell"
    assert {path for _host, path, _headers in prove.front.seen} == {"/rest/v2/liveness"}
    found = prove(OUTSIDE, None, {"LiveApp": {"rest": "T"}}, apps=apps)
    assert found["LiveApp", "front-address"]["outcome"] == "enforced"
    assert "T" in {headers.get("Authorization") for _host, _path, headers in prove.front.seen}


def test_once_the_certificate_is_good_only_that_one_is_talked_to(prove, monkeypatch):
    """Somebody else may answer the next connection, and tokens go there."""
    monkeypatch.setattr(_tls, "unchecked", None)
    apps = plan_of()["apps"]
    apps["LiveApp"]["rest_token"] = True
    found = prove(OUTSIDE, None, {"LiveApp": {"rest": "T"}}, apps=apps)
    assert found["LiveApp", "front-address"]["outcome"] == "enforced"


def test_a_port_that_is_not_reached_takes_its_own_questions_along(prove, web, rtmp, closed):
    apps = plan_of()["apps"]
    apps["LiveApp"]["publisher"] = "198.51.100.0/24"
    for reached, names in (
        ({"http_port": web.port}, {"panel-address", "rest-address"}),
        ({"rtmp_port": rtmp.port}, {"publisher-address"}),
    ):
        assert {name for _app, name in prove(OUTSIDE, apps=apps, **reached)} - NEW == names


def test_a_certificate_that_ends_soon_is_named(prove, authority):
    found = prove(OUTSIDE, authority.issue("localhost", days=9))
    assert found["", "front-certificate"]["outcome"] == "enforced"
    (said,) = prove.result["soon"]
    assert said.startswith(f"the certificate of localhost port {prove.front.port}: valid, but ends")
    assert found["", "front-certificate"]["note"] in said


def test_ports_that_a_stranger_reaches_beside_the_front(prove, web, rtmp):
    found = prove(OUTSIDE, http_port=web.port, rtmp_port=rtmp.port)
    control = found["", "ports-beside-front"]
    assert control["outcome"] == "not enforced"
    assert control["reason"] == (
        f"lets in: port {web.port} (http_port), port {rtmp.port} (rtmp_port); close it to"
        " strangers, or name it in antmedia_endpoint if people use it"
    )
    # What the server's own ports say counts where they are reached.
    assert found["", "panel-address"]["outcome"] == "not enforced"
    named = ("https_port", "http_port", "rtmp_port")
    found = prove(OUTSIDE, http_port=web.port, rtmp_port=rtmp.port, named=named)
    assert ("", "ports-beside-front") not in found


def test_no_front_no_answer(prove, closed):
    about = {"host": "localhost", "port": closed, "tls": True, "rtmps_port": 0, "named": []}
    plan = plan_of(about, http_port=closed, rtmp_port=closed)
    for address in ("", OUTSIDE):
        result = _vantage.Vantage(plan, "127.0.0.1", {}, address).run()
        found = {control["control"]: control for control in result["controls"]}
        assert found["front-certificate"]["outcome"] == "cannot tell"
        assert found["front-address"]["outcome"] == "cannot tell"
        assert "efused" in found["front-address"]["reason"]


def test_without_a_front_nothing_changes(prove, web):
    plan = plan_of(http_port=web.port)
    del plan["front"]
    result = _vantage.Vantage(plan, "127.0.0.1", {}, "").run()
    assert not NEW & {control["control"] for control in result["controls"]}
    plan["http_port"] = 1
    result = _vantage.Vantage(plan, "127.0.0.1", {}, "").run()
    assert {control["outcome"] for control in result["controls"]} == {"cannot tell"}
