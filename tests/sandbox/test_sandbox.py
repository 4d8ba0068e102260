"""The sandbox itself: real, private, and gone when it is told to go."""

from __future__ import annotations

import ctypes
import json
import platform
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from demo import native
from demo.sandbox import Sandbox, SandboxError, free_port, set_property


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def listening(pid):
    """Local addresses that a process listens on, as the kernel lists them."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                found.add((address, int(port, 16)))
    return found


def test_is_the_real_server_with_the_asked_apps_on_loopback_only(running):
    status, body = get(f"{running.url}/events/rest/v2/version")
    assert status == 200
    assert json.loads(body)["versionName"] == "2.17.1"
    assert running.apps() == ["LiveApp", "events", "staging"]

    loopback = {"0100007F", "0000000000000000FFFF00000100007F"}
    found = listening(running.pid())
    assert {address for address, _ in found} <= loopback
    assert {running.http_port, running.rtmp_port} <= {port for _, port in found}
    assert "LiveApp started" in running.log.read_text()


def test_restarts_and_stops_by_its_own_scripts(running):
    first = running.pid()
    for script in ("stop", "start"):
        subprocess.run([running.facts[script]], check=True, stdin=subprocess.DEVNULL)
    again = Sandbox(running.root)  # another process's view of it
    again.wait_ready()
    assert again.pid() not in (None, first)
    again.stop()
    assert again.pid() is None
    assert running.pid() is None


def test_two_run_side_by_side(sandboxes):
    servers = [sandboxes(apps=["one"]), sandboxes(apps=["two"])]
    for server in servers:
        server.start()
    for server, app in zip(servers, ("one", "two")):
        server.wait_ready()
        assert get(f"{server.url}/{app}/rest/v2/version")[0] == 200
        server.stop()


def test_a_server_that_ends_by_itself_is_an_error_with_its_last_words(sandbox):
    set_property(sandbox.properties(), "rtmp.port", "19x5")
    sandbox.start()
    with pytest.raises(SandboxError, match="19x5"):
        sandbox.wait_ready()


def test_a_stopped_one_gets_other_ports_when_its_own_were_taken(sandbox):
    old = sandbox.facts
    with socket.create_server(("127.0.0.1", old["http_port"])):
        sandbox.move_taken_ports()
        new = sandbox.facts
        assert new["http_port"] != old["http_port"]
        sandbox.start()
        sandbox.wait_ready()
        assert get(f"{sandbox.url}/rest/v2/liveness")[0] == 200


def test_free_port_skips_a_taken_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) != port
    assert free_port(port) == port


@pytest.mark.skipif(platform.machine() not in native.MACHINES, reason="no code for this machine")
def test_a_stand_in_loads_and_its_functions_return_nothing(tmp_path):
    for soname, functions in native.LIBRARIES.items():
        path = tmp_path / ("stand-in-" + soname)
        path.write_bytes(native.shared_object(soname, functions, platform.machine()))
        library = ctypes.CDLL(str(path))
        for function in functions:
            assert getattr(library, function)(1, 2, 3) == 0
        with pytest.raises(AttributeError):
            library.something_else  # noqa: B018


def test_no_stand_in_for_an_unknown_machine():
    with pytest.raises(RuntimeError, match="apt-get install libx11-6 libvdpau1"):
        native.shared_object("libX11.so.6", ("XOpenDisplay",), "riscv64")
