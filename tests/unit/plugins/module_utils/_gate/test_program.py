"""The daemon as a process: its policy comes and goes, its ports stay, nobody gets in by a gap."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import http.client
import json
import os
import signal
import socket
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import program as _program
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import rtmp as _rtmp
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256

from demo.sandbox import free_port
from tests.kit import authority, rtmp_gate
from tests.kit.gate_daemon import GateDaemon

from .conftest import POLICY, SECRET

PATH = "/LiveApp/streams/s1.m3u8"


class Gate(GateDaemon):
    def play(self):
        """What a good player gets."""
        token = _hs256.sign(
            {"streamId": "s1", "type": "play", "exp": int(time.time()) + 60}, SECRET
        )
        headers = {"X-Gate-Target": f"{PATH}?token={token}", "X-Gate-Method": "GET"}
        status, text = self.answer("/ask", headers)
        return status, text.strip()


@pytest.fixture
def gate(tmp_path):
    gate = Gate(tmp_path, copy.deepcopy(POLICY))
    yield gate
    gate.close()


def listens(port):
    with socket.socket() as link:
        return link.connect_ex(("127.0.0.1", port)) == 0


def test_a_start_and_an_end(gate):
    gate.write()
    gate.start()
    gate.until(lambda: "READY=1" in gate.hear())
    assert gate.play() == (200, "")
    state = gate.state()
    assert state["listening"] == gate.ports
    assert (state["open"], state["why"], state["faults"]) == (True, "", {})
    assert all(map(listens, gate.ports.values()))
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", gate.ports["answers"])) as link:
        link.request("GET", "/metrics")
        assert b"streamward_gate_policy_good 1\n" in link.getresponse().read()
    assert gate.stop() == 0
    gate.hear()
    assert {"READY=1", "STATUS=open", "WATCHDOG=1", "STOPPING=1"} == set(gate.told)
    assert gate.told.count("READY=1") == 1
    assert gate.log().startswith("<6>policy: in force\n<6>listening: answers on port ")
    assert "test-only" not in gate.log()
    gate.start()  # in the place of the socket that is still there
    assert gate.play() == (200, "")
    assert gate.stop(signal.SIGINT) == 0


def test_the_answers_are_for_this_host_only(gate):
    gate.write()
    gate.start()
    gate.until(lambda: listens(gate.ports["answers"]))
    inside = f"{gate.ports['answers']:04X}"
    with open("/proc/net/tcp", encoding="ascii") as file:
        addresses = [line.split()[1] for line in file if f":{inside} 00000000:0000" in line]
    assert addresses == [f"0100007F:{inside}"]
    with open("/proc/net/tcp6", encoding="ascii") as file:
        assert f":{inside} " not in file.read()


BREAKS = {
    "gone": lambda gate: gate.policy.unlink(),
    "empty": lambda gate: gate.write(""),
    "half": lambda gate: gate.write(json.dumps(gate.plain)[:-40]),
    "half in its place": lambda gate: gate.policy.write_text(json.dumps(gate.plain)[:-40]),
    "another format": lambda gate: gate.write(json.dumps({**gate.plain, "format": 2})),
    "readable by all": lambda gate: gate.policy.chmod(0o644),
    "writable by the group": lambda gate: gate.policy.chmod(0o660),
    "a link": lambda gate: (gate.policy.rename(gate.folder / "x"), gate.policy.symlink_to("x")),
    "a folder": lambda gate: (gate.policy.unlink(), gate.policy.mkdir(0o740)),
    "no text": lambda gate: gate.policy.write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_policy_that_breaks_lets_nobody_in_until_it_is_right(gate, how):
    gate.write()
    gate.start()
    gate.until(lambda: gate.play() == (200, ""))
    BREAKS[how](gate)
    gate.until(lambda: gate.play() == (403, "no policy"))
    state = gate.state()
    assert state["open"] is False
    assert state["why"]
    assert state["listening"] == gate.ports  # nobody else gets them
    assert all(map(listens, gate.ports.values()))
    assert "<4>policy: NOBODY GETS IN: " + state["why"] in gate.log()
    gate.until(lambda: "STATUS=" + state["why"] in gate.hear())
    assert "streamward_gate_policy_good 0\n" in gate.answer("/metrics")[1]
    if gate.policy.is_dir() and not gate.policy.is_symlink():
        gate.policy.rmdir()
    gate.write()
    gate.until(lambda: gate.play() == (200, ""))


def test_without_a_policy_it_holds_the_usual_ports_until_there_is_one(gate):
    gate.start()
    gate.until(lambda: "READY=1" in gate.hear())
    assert gate.play() == (403, "no policy")
    assert gate.state()["listening"] == dict(zip(("rtmp", "answers"), gate.untold))
    gate.write()
    gate.until(lambda: gate.state()["listening"] == gate.ports)
    gate.until(lambda: gate.play() == (200, ""))
    assert not any(map(listens, gate.untold))


def test_other_ports_are_taken_at_another_start(gate):
    gate.write()
    gate.start()
    gate.until(lambda: gate.play() == (200, ""))
    gate.plain["listen"]["rtmp"] = other = free_port()
    gate.plain["applications"]["LiveApp"]["play"]["secrets"] = []
    gate.write()
    gate.until(lambda: gate.play() == (403, "no secret"))  # the rest of it is in force
    assert gate.state()["faults"]["listen"] == _program.RESTART
    assert gate.state()["listening"] == gate.ports
    assert not listens(other)
    gate.stop()
    gate.start()
    gate.until(lambda: listens(other))
    assert gate.state()["faults"] == {}


def test_a_hangup_has_the_policy_read_at_once(gate):
    gate.fresh = -1
    gate.write()
    gate.start()
    count = 'streamward_gate_policy_reads_total{result="good"} '
    before = gate.answer("/metrics")[1].partition(count)[2].split()[0]
    gate.process.send_signal(signal.SIGHUP)
    gate.until(lambda: gate.answer("/metrics")[1].partition(count)[2].split()[0] > before)
    assert gate.play() == (200, "")


def test_a_port_that_somebody_has_is_waited_for(gate):
    with socket.create_server(("127.0.0.1", gate.ports["rtmp"])):
        gate.write()
        gate.start()
        gate.until(lambda: "rtmp" in gate.state()["faults"])
        assert "Address already in use" in gate.state()["faults"]["rtmp"]
        assert gate.play() == (200, "")
        assert "READY=1" not in gate.hear()
        assert f"not listening: rtmp on port {gate.ports['rtmp']}" in gate.log()
    gate.until(lambda: "READY=1" in gate.hear())
    assert gate.state()["faults"] == {}
    assert gate.log().count("not listening") == 1


def test_a_certificate_that_is_not_there_does_not_keep_the_rest_from_starting(gate, tmp_path):
    names = ("certificate", "key")
    gate.plain["certificate"] = {name: str(tmp_path / f"{name}.pem") for name in names}
    gate.plain["listen"]["rtmps"] = rtmps = free_port()
    gate.write()
    gate.start()
    gate.until(lambda: "READY=1" in gate.hear())
    assert gate.play() == (200, "")
    assert set(gate.state()["faults"]) == {"certificate", "rtmps"}
    assert not listens(rtmps)
    made = authority.certificate(tmp_path, "gate.example")
    for name in names:
        os.link(made, tmp_path / f"{name}.pem")
    gate.until(lambda: listens(rtmps))
    assert gate.state()["faults"] == {}


@pytest.mark.parametrize("arguments", [["-h"], ["a", "b"], ["--help"]])
def test_what_it_takes(arguments, capsys):
    assert _program.main(arguments) == 2
    assert capsys.readouterr().err == "usage: gate [POLICY]\n"


def test_it_ends_where_it_cannot_have_its_socket(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "gone"))
    assert _program.main([str(tmp_path / "policy")]) == 1
    assert "nobody gets in" in capsys.readouterr().err


def test_a_fault_of_the_gate_lets_nobody_in(tmp_path, monkeypatch, text, capsys):
    async def run():
        gate = _program.Gate(str(tmp_path / "policy"), str(tmp_path))
        gate.desk.take(text)
        monkeypatch.setattr(gate._watch, "look", lambda again: 1 / 0)
        gate.look()
        return gate.desk

    desk = asyncio.run(run())
    assert desk.policy is None
    assert desk.why == "a fault of the gate: ZeroDivisionError"


def test_what_is_due_each_second_is_done(tmp_path, monkeypatch, text):
    done = []

    async def nothing():
        pass

    (tmp_path / "policy").write_text(text)

    async def run():
        gate = _program.Gate(str(tmp_path / "policy"), str(tmp_path), os.getuid())
        gate._start_listening = nothing
        for part, name in ((gate._answers, "sweep"), (gate.desk, "tick"), (gate._relay, "tick")):
            monkeypatch.setattr(part, name, lambda name=name: done.append(name))
        await gate.tick()

    asyncio.run(run())
    assert done == ["tick", "sweep", "tick"]


def on_air(gate):
    return 'rtmp_connections{phase="on air"} 1\n' in gate.answer("/metrics")[1]


def test_a_publisher_stays_while_his_application_and_address_are_allowed(gate, rtmp):
    """Through a policy that breaks and secrets that change, and not longer."""
    app = gate.plain["applications"]["LiveApp"]
    app["publishers"] = ["127.0.0.0/8"]
    gate.plain["upstream"]["rtmp"] = rtmp.port
    gate.write()
    gate.start()
    gate.until(lambda: gate.play() == (200, ""))
    claims = {"streamId": "s1", "type": "publish", "exp": int(time.time()) + 60}
    name = f"s1?token={_hs256.sign(claims, SECRET)}"
    with _rtmp.Session(("127.0.0.1", gate.ports["rtmp"]), timeout=60) as session:
        session.connect("LiveApp")
        session.socket.sendall(
            rtmp_gate.command(0, "createStream", 2.0, None)
            + rtmp_gate.command(1, "publish", 3.0, None, name, "live")
        )
        gate.until(lambda: on_air(gate))
        gate.policy.unlink()
        gate.until(lambda: gate.play() == (403, "no policy"))
        app["publish"]["secrets"] = []
        gate.write()
        gate.until(lambda: gate.play() == (200, ""))
        time.sleep(0.2)
        assert on_air(gate)
        with _rtmp.Session(("127.0.0.1", gate.ports["rtmp"])) as other:
            other.connect("LiveApp")
            assert other.may_publish(name)[0] == "refused"
        app["publishers"] = ["127.0.0.9/32"]
        gate.write()
        gate.until(lambda: not on_air(gate))
    assert [asked[:2] for asked in rtmp.asked] == [("LiveApp", name)]
    assert SECRET not in gate.log() and name not in gate.log()


def test_rtmps_by_the_daemon(gate, rtmp, tmp_path):
    certificate = authority.certificate(tmp_path)
    gate.ports["rtmps"] = gate.plain["listen"]["rtmps"] = free_port()
    gate.plain["certificate"] = {"certificate": str(certificate), "key": str(certificate)}
    gate.plain["upstream"]["rtmp"] = rtmp.port
    gate.write()
    gate.start()
    gate.until(lambda: listens(gate.ports["rtmps"]))
    with _rtmp.Session(("127.0.0.1", gate.ports["rtmps"]), tls=True) as session:
        session.connect("open")
        assert session.may_publish("s1")[0] == "accepted"
    assert rtmp.asked[0][:2] == ("open", "s1")
