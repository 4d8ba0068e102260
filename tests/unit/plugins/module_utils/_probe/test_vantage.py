from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import vantage as _vantage

VERSION = {"versionName": "2.17.1"}


@pytest.fixture
def plan(web, rtmp):
    return {
        "version": "2.17.1",
        "http_port": web.port,
        "rtmp_port": rtmp.port,
        "panel": "203.0.113.0/24",
        "panel_path": "/rest/v2/liveness",
        "proxies": None,
        "alive": True,
        "apps": {
            "LiveApp": {
                "rest": "203.0.113.0/24",
                "rest_token": True,
                "publisher": "203.0.113.0/24",
                "publish_token": ["jwt"],
                "alive": True,
                "publishes": True,
            }
        },
    }


@pytest.fixture
def server(web, rtmp):
    """A server that lets in by address, and believes everybody about it or nobody."""

    class Server:
        allowed, believes = "203.0.113.0/24", False

        def answer(self, request, body):
            forwarded = request["headers"].get("X-Forwarded-For") if self.believes else None
            if _cidr.contains(self.allowed, forwarded or request["source"]):
                return 200, body
            return 403, b"<b>Message</b> Not allowed IP"

    server = Server()
    web.answers["GET", "/rest/v2/liveness"] = lambda r: server.answer(r, {"status": "ok"})
    web.answers["GET", "/LiveApp/rest/v2/version"] = lambda r: server.answer(r, VERSION)
    rtmp.publish = lambda app, stream, peer: (
        "accepted" if _cidr.contains(server.allowed, peer) and "token=P" in stream else "refused"
    )
    return server


PUBLISH = {"a good token": "P", "a bad one": "B"}
TOKENS = {"LiveApp": {"rest": "R", "publish": PUBLISH}}


def prove(plan, tokens=TOKENS, address=""):
    result = _vantage.Vantage(plan, "127.0.0.1", tokens, address).run()
    return {c["control"]: (c["outcome"], c["reason"]) for c in result["controls"]}, result


def test_refused_from_outside(plan, server):
    found, result = prove(plan)
    assert {outcome for outcome, _reason in found.values()} == {"enforced"}
    assert result["vantage"]["address"] == "127.0.0.1"
    assert any("X-Forwarded-For behind 127.0.0.1" in p["asked"] for p in result["probes"])


def test_let_in_from_inside(plan, server, web):
    server.allowed = plan["panel"] = "127.0.0.0/8"
    plan["apps"]["LiveApp"].update(rest="127.0.0.0/8", publisher="127.0.0.0/8")
    found, result = prove(plan)
    assert {outcome for outcome, _reason in found.values()} == {"enforced"}
    assert len(result["probes"]) == 3 + 1 + len(PUBLISH)
    headers = {r["path"]: r["headers"].get("Authorization") for r in web.requests}
    assert headers == {"/rest/v2/liveness": None, "/LiveApp/rest/v2/version": "R"}


def test_whoever_passes_for_somebody_else(plan, server):
    server.believes = True
    found, _result = prove(plan)
    assert found["panel-address"][0] == "not enforced"
    assert "X-Forwarded-For" in found["panel-address"][1]
    plan["proxies"] = r"127\.0\.0\.1"
    assert prove(plan)[0]["panel-address"][0] == "enforced"


def test_open_to_the_outside(plan, server):
    server.allowed = "0.0.0.0/0"
    found, _result = prove(plan)
    assert {outcome for outcome, _reason in found.values()} == {"not enforced"}


@pytest.mark.parametrize(("open_", "outcome"), [(False, "enforced"), (True, "not enforced")])
def test_what_is_behind_a_gate(plan, server, web, open_, outcome):
    plan["behind"] = [1, web.port] if open_ else [1]
    found, _result = prove(plan)
    assert found["ports-behind-gate"][0] == outcome
    assert _vantage.faults({**plan, "behind": ["1"]}) and not _vantage.faults(plan)


def test_a_refusal_needs_what_the_host_has_shown(plan, server):
    plan["apps"]["LiveApp"].update(alive=False, publishes=False)
    found, _result = prove(plan)
    assert found["panel-address"][0] == "enforced"
    assert found["rest-address"][0] == "cannot tell"
    assert found["publisher-address"][0] == "cannot tell"


def test_no_token_nothing_told(plan, server):
    found, _result = prove(plan, {})
    assert found["rest-address"][0] == found["publisher-address"][0] == "cannot tell"
    assert "inventory" in found["rest-address"][1]


def test_an_address_that_is_said(plan, server):
    found, _result = prove(plan, address="203.0.113.5")
    # It is inside the list then, and the server, which sees another one, refuses.
    assert found["panel-address"][0] == "not enforced"


def test_an_address_that_is_said_is_none_to_ask_from(plan, server):
    found, result = prove(plan, address="192.0.2.5")
    assert found["panel-address"][0] == found["rest-address"][0] == "enforced"
    assert {p["came"] for p in result["probes"]} == {"refused"}


def test_no_connection(plan, rtmp):
    plan["http_port"] = 1
    found, result = prove(plan)
    assert {outcome for outcome, _reason in found.values()} == {"cannot tell"}
    assert "no connection" in found["panel-address"][1]
    assert result["outcome"] == "cannot tell"


def test_behind_nat(plan, server, monkeypatch):
    class Link:
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            pass

        def getsockname(self):
            return "192.168.1.5", 1

        def getpeername(self):
            return "8.8.8.8", 5080

    monkeypatch.setattr(_vantage.socket, "create_connection", lambda *_asked: Link())
    found, _result = prove(plan)
    assert "vantage_address" in found["panel-address"][1]
