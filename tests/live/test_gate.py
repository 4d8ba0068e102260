"""A gate in front of a stock Community server, from its coming to its going."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.kit import hosts
from tests.kit.on_air import SECRETS, publisher, read_hls
from tests.kit.outside import Server, sign

pytestmark = pytest.mark.live

GATE = {
    "antmedia_gate": True,
    "antmedia_unenforceable": "fail",
    "antmedia_host_apps": {"LiveApp": {"publisher_cidrs": ["127.0.0.0/29"]}},
}
NEXT = "test-only-next-stream-secret-of-live-tests"
CLIP = ["-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-t", "60"]
CLIP += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "flv"]


@pytest.fixture(scope="module")
def stock(fleet_of, tmp_path_factory):
    """A host with the server as shipped, as a pair of its fleet and its server."""
    name = "sw-live-gate"
    subprocess.run([hosts.COMMAND, "up", name], check=True)
    try:
        yield fleet_of([name], tmp_path_factory.mktemp("fleet")), Server(name)
    finally:
        if not os.environ.get("STREAMWARD_KEEP"):
            subprocess.run([hosts.COMMAND, "down", name], check=False)


@pytest.fixture(scope="module")
def gated(stock):
    """The same, behind its gate."""
    fleet, server = stock
    fleet.run("gate.yml", GATE)
    return fleet, server


def changed(output):
    return re.findall(r"changed=(\d+)", output.rpartition("PLAY RECAP")[2])


def listening(server):
    """Addresses with their ports that the host listens on."""
    return set(re.findall(r"LISTEN\s+\d+\s+\d+\s+(\S+)", server.call("ss", "-lnt")))


def may_publish(server, stream, token=""):
    """Whether ffmpeg sends pictures within some seconds, and goes on."""
    url = f"rtmp://127.0.0.1/LiveApp/{stream}" + (f"?token={token}" if token else "")
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-progress", "pipe:1", *CLIP, url]
    process = subprocess.Popen(
        hosts.inside(server.name, *command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        return b"frame=" in process.communicate()[0]
    return False


def playlist(server, stream, token=""):
    path = f"/LiveApp/streams/{stream}.m3u8"
    return server.request(path + (f"?token={token}" if token else "")).status


def good(kind, stream, secret=SECRETS["stream"]):
    return sign(secret, streamId=stream, type=kind, exp=int(time.time()) + 600)


def until(ready, seconds=60):
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.3)


def test_before_there_is_one_everybody_publishes_and_plays(stock):
    _fleet, server = stock
    assert may_publish(server, "before")
    assert server.play("LiveApp") == "accepted"
    assert "0.0.0.0:5080" in listening(server)


def test_it_comes_with_the_policy(stock):
    fleet, server = stock
    predicted = fleet.run("gate.yml", GATE, "--check", "--diff")
    assert "http.port=15080" in predicted and SECRETS["stream"] not in predicted
    assert not server.call("sh", "-c", "ls -A /etc/streamward 2>&1 || true").startswith("gate")
    assert changed(fleet.run("gate.yml", GATE)) == ["1"]
    assert changed(fleet.run("gate.yml", GATE)) == ["0"]
    found = listening(server)
    assert {"127.0.0.1:15080", "127.0.0.1:11935", "127.0.0.1:9400", "0.0.0.0:5080"} <= found
    assert not [each for each in found if re.search(r"(?<!127\.0\.0\.1):(15080|11935|9400)$", each)]


def test_every_door_is_proved(gated):
    fleet, _server = gated
    reports = fleet.folder / "reports"
    fleet.run("verify.yml", {**GATE, "antmedia_report_dir": str(reports)})
    (host,) = json.loads((reports / "verify.json").read_text())["hosts"]
    outcomes = {(c["app"], c["name"]): c["outcome"] for c in host["controls"]}
    assert set(outcomes.values()) == {"enforced"}
    for control in ("play", "publish", "publisher-address", "webrtc-publish", "rest-jwt"):
        assert ("LiveApp", control) in outcomes


def test_publishers_and_players(gated):
    _fleet, server = gated
    assert not may_publish(server, "who")
    assert not may_publish(server, "who", good("play", "who"))
    with publisher(server, "who") as on_air:
        until(lambda: playlist(server, "who", good("play", "who")) == 200)
        assert playlist(server, "who") == 403
        assert playlist(server, "who", good("publish", "who")) == 403
        assert playlist(server, "who", good("play", "other")) == 403
        assert on_air.poll() is None


def test_a_rotation_throws_nobody_out(gated):
    fleet, server = gated
    secrets = json.loads(json.dumps(fleet.policy["antmedia_secrets"]))
    secrets["app_defaults"]["stream"] = NEXT
    variables = {**GATE, "antmedia_secrets": secrets}
    with publisher(server, "onair") as on_air:
        until(lambda: playlist(server, "onair", good("play", "onair")) == 200)
        reader = read_hls(server, "onair", 600)
        assert changed(fleet.run("secure.yml", variables)) == ["1"]
        assert playlist(server, "onair", good("play", "onair", NEXT)) == 200
        assert playlist(server, "onair", good("play", "onair")) == 200
        assert changed(fleet.run("secure.yml", variables)) == ["0"]
        told = fleet.run("verify.yml", variables)
        assert "tokens of a previous secret are good until" in told
        report = json.loads(reader.communicate()[0])
        assert report["failures"] == [] and report["segments"] > 3, report
        # The end of the overlap, at once: what is no longer good leaves the file.
        assert changed(fleet.run("secure.yml", {**variables, "antmedia_gate_overlap": 0})) == ["1"]
        until(lambda: playlist(server, "onair", good("play", "onair")) == 403)
        assert playlist(server, "onair", good("play", "onair", NEXT)) == 200
        assert on_air.poll() is None
    policy = (hosts.root(server.name) / "etc/streamward/gate/policy.json").read_text()
    assert SECRETS["stream"] not in policy and NEXT in policy
    fleet.run("secure.yml", {**GATE, "antmedia_gate_overlap": 0})


def test_parts_that_fail_leave_it_closed(gated):
    fleet, server = gated
    token = good("play", "nobody")
    assert playlist(server, "nobody", token) == 404
    server.call("systemctl", "kill", "--signal=STOP", "streamward-gate.service")
    try:
        time.sleep(4)  # what was decided before
        assert playlist(server, "nobody", token) == 503
        assert not may_publish(server, "nobody", good("publish", "nobody"))
        output = fleet.run("verify.yml", GATE, check=False)
        assert "cannot tell" in output
    finally:
        server.call("systemctl", "kill", "--signal=CONT", "streamward-gate.service")
    until(lambda: playlist(server, "nobody", token) == 404)
    policy = hosts.root(server.name) / "etc/streamward/gate/policy.json"
    whole = policy.read_bytes()
    policy.write_bytes(whole[: len(whole) // 2])
    until(lambda: playlist(server, "nobody", token) == 403)
    assert not may_publish(server, "nobody", good("publish", "nobody"))
    assert changed(fleet.run("secure.yml", GATE)) == ["1"]
    until(lambda: playlist(server, "nobody", token) == 404)


def test_a_server_as_shipped_cannot_have_the_ports(gated):
    _fleet, server = gated
    file = server.file()
    text = file.read_text()
    for port in ("http.port=15080", "rtmp.port=11935"):
        assert port in text
    shipped = text.replace("http.port=15080", "http.port=5080")
    shipped = shipped.replace("rtmp.port=11935", "rtmp.port=1935").replace(
        "host=127.0.0.1", "host=0.0.0.0"
    )
    file.write_text(shipped)
    server.call("systemctl", "restart", "antmedia.service")
    time.sleep(12)
    found = server.call("sh", "-c", "ss -lntp | grep -E ':(5080|1935) '")
    assert "java" not in found
    assert playlist(server, "nobody") in (403, 502)
    assert not may_publish(server, "nobody")
    file.write_text(text)
    server.call("systemctl", "restart", "antmedia.service")
    until(lambda: playlist(server, "nobody", good("play", "nobody")) == 404, 120)


def test_it_comes_up_closed_and_before_the_server(gated):
    _fleet, server = gated
    server.call("systemctl", "stop", "antmedia.service")
    server.call("systemctl", "stop", "streamward-gate.service", "streamward-gate-nginx.service")
    assert not {each for each in listening(server) if each.endswith((":5080", ":1935"))}
    server.call("systemctl", "start", "antmedia.service")
    found = listening(server)
    assert "0.0.0.0:5080" in found
    until(lambda: playlist(server, "nobody", good("play", "nobody")) == 404, 120)
    assert playlist(server, "nobody") == 403


def test_it_goes_and_all_is_as_it_was(gated):
    fleet, server = gated
    gone = {
        "antmedia_gate": False,
        "antmedia_app_defaults": {"rest_cidrs": ["127.0.0.1"], "publish": "none", "play": "none"},
    }
    assert changed(fleet.run("secure.yml", gone)) == ["1"]
    assert changed(fleet.run("secure.yml", gone)) == ["0"]
    assert "0.0.0.0:5080" in listening(server)
    assert server.play("LiveApp") == "accepted"
    assert may_publish(server, "after")
    root = hosts.root(server.name)
    left = [*Path(root / "etc").rglob("*streamward-gate*"), *Path(root / "run").glob("streamward*")]
    assert [path.name for path in left] == []
    assert "streamward-gate" not in (root / "etc/passwd").read_text()
    assert "webhookAuthenticateURL=\n" in server.file("LiveApp").read_text() + "\n"
