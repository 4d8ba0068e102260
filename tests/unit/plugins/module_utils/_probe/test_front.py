from __future__ import annotations

import socket

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    front as _front,
    vantage as _vantage,
)

from .fronts import ABOUT, plan


def front(address="203.0.113.5", **more):
    return _front.Front.of(plan(**more), "192.0.2.1", {}, address)


def test_a_front_is_as_the_plan_says():
    found = front()
    assert (found.host, found.port, found.tls) == ("localhost", 443, True)
    assert (found.address, found.problem, found.good) == ("203.0.113.5", "", False)
    assert found.seen(True).good and not found.good


def test_the_ports_of_the_server_itself():
    assert front().ports == {"http.port": 5080, "rtmp.port": 1935}
    ports = {"http.port": 80, "https.port": 5443, "rtmp.port": 1936}
    assert front(ports=ports).ports == ports


@pytest.mark.parametrize(
    ("key", "on"), [("http.port", True), ("https.port", True), ("rtmp.port", False)]
)
def test_who_is_on_a_list_may_use_its_port(key, on):
    apps = {"LiveApp": {"rest": "203.0.113.0/24", "publisher": "192.0.2.0/24"}}
    assert front(apps=apps, panel="").on_a_list(key) is on
    assert not front("198.51.100.1", apps=apps, panel=None).on_a_list(key)
    assert front("192.0.2.9", apps=apps).on_a_list("rtmps.port")


def test_whom_the_server_believes():
    assert not front().believed
    assert not front(proxies="").believed
    assert front(proxies=r"203\.0\.113\.5").believed


def test_the_address_is_that_of_a_connection():
    with socket.create_server(("127.0.0.1", 0)) as link:
        place = link.getsockname()
        assert _front.own_address(place) == ("127.0.0.1", "")
    address, problem = _front.own_address(place)
    assert address == "" and problem.startswith("no connection to 127.0.0.1 port ")


def test_behind_nat(monkeypatch):
    class Link:
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            pass

        def getsockname(self):
            return "192.168.1.5", 1

        def getpeername(self):
            return "8.8.8.8", 443

    monkeypatch.setattr(_front.socket, "create_connection", lambda *_asked: Link())
    address, problem = _front.own_address(("front", 443))
    assert address == "192.168.1.5" and "give vantage_address" in problem


@pytest.mark.parametrize("key", sorted(_front.SHAPE))
@pytest.mark.parametrize("value", [None, [1], {}, "x", 1])
def test_a_plan_says_what_is_needed(key, value):
    if isinstance(value, _front.SHAPE[key]):
        return
    whole = plan(version="", http_port=1, rtmp_port=1, panel_path="", alive=True)
    whole["apps"] = {}
    assert _vantage.faults(whole) == []
    whole["front"] = {**ABOUT, key: value}
    (fault,) = _vantage.faults(whole)
    assert fault.startswith(f"plan.front.{key}: is not what")
    whole["front"] = None
    assert _vantage.faults(whole) == []
