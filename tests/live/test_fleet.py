"""Ten real servers, one of which does not come up with the new policy.

LIVE_FLEET_HOSTS   how many servers, default 10
"""

from __future__ import annotations

import contextlib
import os
import subprocess

import pytest

from tests.kit import hosts
from tests.kit.outside import Server

pytestmark = [pytest.mark.live, pytest.mark.long]

COUNT = int(os.environ.get("LIVE_FLEET_HOSTS", "10"))
NAMES = [f"sw-fleet-{number:02}" for number in range(1, COUNT + 1)]
BAD = NAMES[2]
RTMP = 1936
NEW = {
    "antmedia_server_settings": {"rtmp.port": RTMP},
    "antmedia_app_defaults": {"rest_cidrs": ["127.0.0.9"], "rest_jwt": True, "play": "jwt"},
}
# Ansible reads it before it knows any host, so it comes from the command line.
BATCHES = ("-e", '{"antmedia_batches": [2, 1, "100%"]}')
# Holds a port without listening, so that nobody is found there beforehand.
HOLD = "import socket; s = socket.socket(); s.bind(('0.0.0.0', {0})); print(flush=True); input()"


@pytest.fixture(scope="module")
def fleet(fleet_of, tmp_path_factory):
    try:
        subprocess.run(
            [hosts.COMMAND, "up", *NAMES, "--double", "--apps", "LiveApp,live"], check=True
        )
        found = fleet_of(NAMES, tmp_path_factory.mktemp("fleet"))
        found.servers = {name: Server(name) for name in NAMES}
        found.run("secure.yml", {"antmedia_batches": "100%"})
        yield found
    finally:
        if not os.environ.get("STREAMWARD_KEEP"):
            subprocess.run([hosts.COMMAND, "down", *NAMES], check=False)


@contextlib.contextmanager
def held(server, port):
    """Something else on the host has the port."""
    process = subprocess.Popen(
        hosts.inside(server.name, "python3", "-c", HOLD.format(port)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    process.stdout.readline()
    try:
        yield
    finally:
        process.communicate(b"\n")


def listens(server, port):
    command = hosts.inside(server.name, "ss", "-Htln", "sport", "=", f":{port}")
    return bool(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def state(server):
    """The files, and which process the server is."""
    files = {app: server.file(app).read_bytes() for app in ("", *server.applications)}
    return files, server.call("systemctl", "show", "--property=MainPID", "antmedia").strip()


def test_a_host_that_does_not_come_up_stops_the_fleet(fleet):
    before = {name: state(server) for name, server in fleet.servers.items()}
    with held(fleet.servers[BAD], RTMP):
        output = fleet.run("secure.yml", NEW, *BATCHES, check=False)
    after = {name: state(server) for name, server in fleet.servers.items()}

    for name in NAMES[:2]:
        assert after[name][0] != before[name][0] and after[name][1] != before[name][1]
        assert f"{name}: has the policy" in output
    assert after[BAD][0] == before[BAD][0], "it has not its previous files"
    assert after[BAD][1] not in (before[BAD][1], "MainPID=0"), "it was not started again"
    assert f"{BAD}: failed, see the error above" in output
    assert "nothing listens for RTMP publishers" in output
    assert "the previous files were put back and the server runs with them" in output
    assert "BindException" in output, "the server's own line is missing"
    for name in NAMES[3:]:
        assert after[name] == before[name], "it was touched"
        assert f"{name}: not touched" in output
    # Every one of them is up, with the policy it is said to have.
    for name, server in fleet.servers.items():
        assert listens(server, RTMP) == (name in NAMES[:2])
        assert server.rest("LiveApp") == 403

    # Once the cause is gone, the same run finishes the fleet and leaves the first two alone.
    output = fleet.run("secure.yml", NEW, *BATCHES)
    for name, server in fleet.servers.items():
        assert listens(server, RTMP)
        if name in NAMES[:2]:
            assert state(server) == after[name]
