"""A server in a network of its own, which a run follows there and leaves again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    network as _network,
    process as _process,
    service as _service,
)

# Listens in its network and says so.
SERVER = (
    "import socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[1])));"
    "print(flush=True); sys.stdin.read()"
)


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def contained(port):
    """A process that listens on the loopback of a network of its own."""
    if os.geteuid() or not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("only root can make a network")
    command = ["unshare", "-n", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
    command += [sys.executable, "-c", SERVER, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        if not child.stdout.readline():
            pytest.skip("no namespaces here")
        yield _process.Process(child.pid, 0, {}, 0, 0)
        _network.leave()
        child.stdin.close()


def reached(port):
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


def where():
    return os.readlink(_network.HERE)


def test_a_process_of_this_network_is_not_apart():
    own = _process.Process(os.getpid(), 0, {}, 0, 0)
    assert not _network.apart(own)
    before = where()
    _network.follow(own)
    assert where() == before and not _network._came_from


def test_a_run_follows_its_server_and_comes_back(contained, port):
    before = where()
    assert _network.apart(contained) and not reached(port)
    _network.follow(contained)
    assert not _network.apart(contained) and reached(port)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(reached, [port] * 4)) == [True] * 4
    with _network.outside():
        assert where() == before and not reached(port)
    assert reached(port)
    _network.follow(contained)  # is there already
    _network.follow(None)
    assert where() == before and not _network._came_from
    _network.leave()
    with _network.outside():
        assert where() == before


def test_what_is_looked_for_is_followed_and_commands_stay_outside(contained, tmp_path, monkeypatch):
    before, said = where(), tmp_path / "said"
    commands = {"start": f"sh -c 'readlink /proc/self/ns/net > {said}'"}
    service = _service.Service(str(tmp_path), "command", commands)
    monkeypatch.setattr(_process, "find", lambda home: contained)
    assert service.process() is contained
    inside = where()
    service.start()
    assert said.read_text().strip() == before != inside
    monkeypatch.setattr(_firewall, "program", lambda: "/bin/readlink")
    assert _firewall._nft(["/proc/self/ns/net"]) == (0, before)
    assert where() == inside
    monkeypatch.setattr(_process, "find", lambda home: None)
    assert service.process() is None
    assert where() == before


def test_a_network_that_may_not_be_entered(contained, monkeypatch):
    def refuse(handle):
        raise PermissionError(1, "Operation not permitted")

    before = where()
    monkeypatch.setattr(_network, "_enter", refuse)
    _network.follow(contained)
    assert where() == before
    assert _network.apart(contained)
    monkeypatch.undo()


def test_a_process_that_is_gone_is_nowhere():
    gone = _process.Process(1 << 30, 0, {}, 0, 0)
    assert not _network.apart(gone)
    _network.follow(gone)


def test_the_kernel_says_why_not(tmp_path):
    handle = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(OSError, match=r"Invalid argument|not permitted"):
        _network._enter(handle)
    os.close(handle)
