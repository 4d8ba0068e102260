from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils import _process


@pytest.fixture
def java(tmp_path):
    """Start something whose command line looks like the server's: `java(folder, *arguments)`."""
    running = []

    def start(cwd, *arguments, env=None):
        command = [sys.executable, "-c", "import time; time.sleep(600)", *arguments]
        child = subprocess.Popen(
            [*command, "org.red5.server.Bootstrap", "9999"],
            cwd=cwd,
            env={"PATH": os.defpath, **(env or {})},
        )
        running.append(child)
        deadline = time.monotonic() + 10
        while b"Bootstrap" not in _process._read(child.pid, "cmdline"):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return child

    yield start
    for child in running:
        child.kill()
        child.wait()


def test_a_server_is_found_by_its_folder(java, tmp_path):
    one, two, link = (tmp_path / name for name in ("one", "two", "link"))
    one.mkdir()
    two.mkdir()
    link.symlink_to(one)
    first = java(tmp_path, f"-Dcatalina.home={one}", "-Dcatalina.home=relative")
    second = java(two, env={"jwtSecretKey": "x"})
    now = time.time()
    found = _process.find(str(one))
    assert found.pid == first.pid
    assert abs(found.started - now) < 30
    assert _process.find(str(link)).pid == first.pid
    found = _process.find(str(two))
    assert found.pid == second.pid
    assert found.environ["jwtSecretKey"] == "x"
    assert "jwtSecretKey" not in repr(found)
    assert _process.find(str(tmp_path)) is None


def test_a_server_is_the_same_after_the_clock_was_set(java, tmp_path, monkeypatch):
    java(tmp_path)
    before = _process.find(str(tmp_path))
    boot = _process._boot_time()
    monkeypatch.setattr(_process, "_boot_time", lambda: boot + 3600)
    after = _process.find(str(tmp_path))
    assert after.started == before.started + 3600
    assert before.same(after)
    assert not before.same(None)
    assert not before.same(dataclasses.replace(after, ticks=after.ticks + 1))  # its id, used again


def test_an_ended_server_is_not_found(java, tmp_path):
    child = java(tmp_path)
    child.kill()
    # Even before its parent has taken notice, when its command line is empty.
    deadline = time.monotonic() + 10
    while _process.find(str(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert _process.find(str(tmp_path)) is None


def test_other_programs_are_none(tmp_path):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], cwd=tmp_path)
    try:
        assert _process.find(str(tmp_path)) is None
    finally:
        child.kill()
        child.wait()


def test_a_process_that_ends_while_it_is_looked_at(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "listdir", lambda _path: ["1", "self", "999999999"])
    assert _process.find(str(tmp_path)) is None


def test_overrides(java, tmp_path):
    java(
        tmp_path,
        env={
            "JWTSECRETKEY": "a",
            "settings.remoteAllowedCIDR": "b",
            "SETTINGS_IPFILTERENABLED": "c",
            "hlsTime": "d",
            "HOME": "/",
        },
    )
    process = _process.find(str(tmp_path))
    names = {"jwtSecretKey", "remoteAllowedCIDR", "ipFilterEnabled"}
    assert _process.overrides(process, names) == [
        "JWTSECRETKEY",
        "SETTINGS_IPFILTERENABLED",
        "settings.remoteAllowedCIDR",
    ]
    assert _process.overrides(process, {"hlsTime"}) == ["hlsTime"]
    assert _process.overrides(process, {"gopSize"}) == []


def test_an_environment_that_may_not_be_read_is_empty(monkeypatch):
    def refuse(_pid, _name):
        raise PermissionError

    monkeypatch.setattr(_process, "_read", refuse)
    assert _process._environ(1) == {}


def test_no_boot_time(monkeypatch, tmp_path):
    import builtins

    path = tmp_path / "stat"
    path.write_bytes(b"cpu 1\n")
    real = builtins.open
    monkeypatch.setattr(builtins, "open", lambda name, *rest: real(path, *rest))
    assert _process._boot_time() == 0


# --- where the operator sits ---


def connected(ssh_connection, tmp_path):
    """What a grandchild of a process with that variable finds out, without having it itself."""
    code = (
        "import os, sys; sys.path[:0] = sys.argv[1:]\n"
        "from ansible_collections.streamward.antmedia.plugins.module_utils import _process\n"
        "print(_process.connected_from())"
    )
    paths = [path for path in sys.path if path]
    command = ["env", "-u", "SSH_CONNECTION", sys.executable, "-c", code, *paths]
    script = tmp_path / "outer.py"
    script.write_text(f"import subprocess; subprocess.run({command!r}, check=True)")
    environ = {key: text for key, text in os.environ.items() if key != "SSH_CONNECTION"}
    if ssh_connection is not None:
        environ["SSH_CONNECTION"] = ssh_connection
    done = subprocess.run(
        [sys.executable, str(script)], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("variable", "found"),
    [
        ("203.0.113.9 50000 192.0.2.1 22", "['203.0.113.9']"),
        ("fe80::1%eth0 50000 fe80::2%eth0 22", "['fe80::1']"),
        ("UNKNOWN 65535 UNKNOWN 65535", "[]"),
    ],
)
def test_the_address_of_the_connection_is_found_through_sudo(variable, found, tmp_path):
    assert connected(variable, tmp_path) == found


@pytest.mark.parametrize(
    ("variable", "found"),
    [("192.0.2.7 1 192.0.2.1 22", ["192.0.2.7"]), ("UNKNOWN 1 UNKNOWN 2", []), (" ", [])],
)
def test_the_nearest_process_that_knows(monkeypatch, variable, found):
    monkeypatch.setattr(_process, "_environ", lambda pid: {"SSH_CONNECTION": variable})
    assert _process.connected_from() == found


def test_no_connection(monkeypatch):
    monkeypatch.setattr(_process, "_environ", lambda pid: {})
    assert _process.connected_from() == []
    monkeypatch.setattr(_process, "_read", lambda pid, name: b"")
    assert _process.connected_from() == []
