from __future__ import annotations

import dataclasses
import socket

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    ask as _ask,
    front as _front,
    ways as _ways,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    ports_beside_front,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result

from ..fronts import ABOUT, plan

PORTS = {"http.port": 5080, "https.port": 5443, "rtmp.port": 1935, "rtmps.port": 8443}

FRONT = _front.Front.of(plan(), "192.0.2.1", {}, "203.0.113.5")


def make(address="203.0.113.5", app="", named=(), target="localhost", **more):
    about = {**ABOUT, "named": list(named)}
    found = _front.Front.of(plan(about, **{"ports": PORTS, **more}), target, {}, address)
    return ports_beside_front.make(found, app)


def cases(control):
    return [probe.case for probe in control.probes] if control else []


def test_a_stranger_finds_every_port_closed():
    control = make()
    assert cases(control) == [
        "port 5080 (http_port)",
        "port 5443 (https_port)",
        "port 1935 (rtmp_port)",
        "port 8443 (rtmps_port)",
    ]
    assert {probe.expected for probe in control.probes} == {REFUSED}
    assert control.wants == "1935, 5080, 5443, 8443 closed"
    assert _ask.asked(control.probes[0]) == "connect to localhost port 5080"


def test_a_server_that_is_reached_by_another_way_is_asked_there_and_at_its_front():
    """Else what its people reach would be closed where only Ansible comes by."""
    ports = {**PORTS, "https.port": ABOUT["port"]}
    control = make(target="10.0.0.5", ports=ports, named=["rtmp_port"])
    assert [(probe.stream, probe.path) for probe in control.probes] == [
        ("10.0.0.5", "5080"),
        ("10.0.0.5", "443"),
        ("10.0.0.5", "8443"),
        ("localhost", "5080"),
        ("localhost", "8443"),
    ]


def test_a_port_that_people_use_is_none_beside():
    control = make(named=["https_port", "rtmp_port"])
    assert cases(control) == ["port 5080 (http_port)", "port 8443 (rtmps_port)"]
    assert make(named=["http_port", "https_port", "rtmp_port", "rtmps_port"]) is None


def test_who_is_on_a_list_may_come_in_by_the_port_it_is_for():
    assert cases(make("198.51.100.1")) == ["port 1935 (rtmp_port)", "port 8443 (rtmps_port)"]
    apps = plan()["apps"]
    apps["LiveApp"]["publisher"] = "198.51.100.0/24"
    assert make("198.51.100.1", apps=apps) is None


def test_nothing_of_an_application_or_without_an_address():
    assert make(app="LiveApp") is None
    found = _front.Front.of(plan(), "192.0.2.1", {}, "203.0.113.5")
    assert ports_beside_front.make(dataclasses.replace(found, problem="no connection"), "") is None


def test_what_is_open_has_its_remedy():
    control = make()
    right = [Result(probe, REFUSED, "") for probe in control.probes]
    ports_beside_front.settle(FRONT, control, right)
    assert control.note == ""
    ports_beside_front.settle(FRONT, control, [Result(control.probes[0], LET_IN, ""), *right[1:]])
    assert "antmedia_endpoint" in control.note


def test_a_port_is_asked_by_a_connection_alone():
    asker = _ask.Asker(("", 0), ("", 0))
    probe = make().probes[0]
    with socket.create_server(("127.0.0.1", 0)) as link:
        port = link.getsockname()[1]
        here = dataclasses.replace(probe, stream="127.0.0.1", path=str(port))
        assert asker.ask(here).came == LET_IN
    closed = asker.ask(here)
    assert (closed.came, closed.answer) == (REFUSED, "no connection")


def test_a_name_that_nobody_knows(monkeypatch):
    def unknown(*_asked, **_more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(_ways.NoAnswer, match="localhost: Name or service not known"):
        _ways.connect(None, make().probes[0])
    assert not _ways.takes("nobody.example.net", 1)
