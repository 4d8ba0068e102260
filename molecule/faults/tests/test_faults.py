# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever goes wrong, a host has its old policy or its new one, and the next run finds its way."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.kit import hosts
from tests.kit.outside import Server, read_properties, sign
from tests.kit.playing import Run, play, start

APPLICATIONS = ("LiveApp", "WebRTCApp", "live")
# Another policy: a change of every application's file, for which the server is restarted.
OTHER = {
    "antmedia_app_defaults": {"rest_cidrs": ["127.0.0.9"], "rest_jwt": True},
    "antmedia_apply": "restart",
    "antmedia_ready_timeout": 60,
}
UNIT = "etc/systemd/system/antmedia.service.d/broken.conf"


@pytest.fixture(autouse=True)
def policy(server):
    """Every test starts from the scenario's policy, in the files and in memory."""
    assert play().failed is False
    yield
    assert leftovers(server) == []


def files(server: Server) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in map(server.file, ("", *APPLICATIONS))}


def leftovers(server: Server) -> list[str]:
    """What runs left beside the files; that they are not proved yet is meant to stay."""
    folders = {path.parent for path in map(server.file, ("", *APPLICATIONS))}
    found = {path.name for folder in folders for path in folder.glob("*streamward*")}
    found |= {path.name for folder in folders for path in folder.glob(".*")}
    return sorted(found - {".streamward-unproved"})


def main_process(server: Server) -> str:
    return server.call("systemctl", "show", "--property=MainPID", "antmedia").strip()


def mount(server: Server, *arguments: str) -> None:
    command = ["nsenter", f"--target={hosts.pid(server.name)}", "--mount", "--pid", *arguments]
    subprocess.run(command, check=True)


@contextlib.contextmanager
def mounted(server: Server, over: Path, *arguments: str):
    """Mount something over a path of the host, which only this machine's root can."""
    inner = "/" + str(over.relative_to(server.home.parents[2]))
    mount(server, "mount", *arguments, inner)
    try:
        yield
    finally:
        mount(server, "umount", inner)


@contextlib.contextmanager
def unit(server: Server, text: str):
    """Break the server's unit by a drop-in."""
    path = server.home.parents[2] / UNIT
    path.write_text(text)
    server.call("systemctl", "daemon-reload")
    try:
        yield
    finally:
        path.unlink()
        server.call("systemctl", "daemon-reload")
        server.call("systemctl", "reset-failed", "antmedia")


def assert_policy(server: Server, address: str = "127.0.0.2") -> None:
    """The server says and does what the scenario's policy says, or the other one."""
    said = read_properties([server.file(name) for name in APPLICATIONS])
    for name in APPLICATIONS:
        assert said[str(server.file(name))]["remoteAllowedCIDR"] == "127.0.0.1," + address
    good = sign("test-only-rest-secret-of-the-scenario", exp=int(time.time()) + 300)
    for name in APPLICATIONS:
        assert server.rest(name, good, source=address) == 200
        assert server.rest(name) == 403
        assert server.rest(name, good, source="127.0.0.3") == 403


def assert_untouched(server: Server, run: Run, before: dict, process: str) -> None:
    """The run failed, said so, and neither a file nor the server was touched."""
    assert run.failed and "nothing was changed" in run.message
    assert files(server) == before
    assert main_process(server) == process
    assert_policy(server)


def test_read_only_file(server):
    before, process = files(server), main_process(server)
    path = server.file("WebRTCApp")
    inner = "/" + str(path.relative_to(server.home.parents[2]))
    with mounted(server, path, "--bind", inner):
        run = play(**OTHER)
        left = leftovers(server)
    assert_untouched(server, run, before, process)
    assert inner in run.message
    assert left == []


def test_full_disk(server, tmp_path):
    before, process = files(server), main_process(server)
    folder = server.file("live").parent
    shutil.copytree(folder, tmp_path / "copy")
    with mounted(server, folder, "-t", "tmpfs", "-o", "size=128k,mode=755", "none"):
        shutil.copytree(tmp_path / "copy", folder, dirs_exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, hosts.UID, hosts.GID)
        with contextlib.suppress(OSError), (folder / "filler").open("wb", 0) as filler:
            for _ in range(1024):
                filler.write(bytes(512))
        run = play(**OTHER)
        left = leftovers(server)
    assert_untouched(server, run, before, process)
    assert "No space left on device" in run.message
    assert left == []


def kill_run(server: Server, when) -> None:
    """Start a run and kill it on the host, as a reset does, once `when` holds."""
    run = start(**OTHER)
    deadline = time.monotonic() + 90
    while not when() and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert run.poll() is None, run.communicate()
    server.call("pkill", "-KILL", "-x", "python3")
    run.wait(timeout=60)
    assert run.returncode != 0


def started_process(server: Server):
    """A condition: the server runs again, as another process."""
    before = main_process(server)
    return lambda: main_process(server) not in (before, "MainPID=0")


@pytest.mark.parametrize("moment", ["files replaced", "server started"])
def test_killed(server, moment):
    old = files(server)
    said = read_properties(list(old))
    replaced = lambda: files(server) != old and leftovers(server)  # noqa: E731
    kill_run(server, replaced if moment == "files replaced" else started_process(server))
    addresses = []
    for path, read in read_properties(list(old)).items():  # every file is whole, the old or the new
        addresses.append(read.pop("remoteAllowedCIDR", None))
        assert read == {k: v for k, v in said[path].items() if k != "remoteAllowedCIDR"}
    assert set(addresses) <= {None, "127.0.0.1,127.0.0.2", "127.0.0.1,127.0.0.9"}
    again = play(**OTHER)
    assert not again.failed and again.changed
    assert_policy(server, "127.0.0.9")
    assert not play(**OTHER).changed


def test_service_that_does_not_start(server):
    before = files(server)
    with unit(server, "[Service]\nExecStartPre=/bin/false\nRestart=no\n"):
        run = play(**OTHER)
        assert run.failed
        assert "the server does not come up" in run.message
        assert files(server) == before
    server.restart()
    assert not play().changed
    assert_policy(server)


def test_server_that_does_not_start_with_the_new_files(server):
    """The old files are put back, and the server runs with them again."""
    before, process = files(server), main_process(server)
    broken = "grep -q ^hlsTime=9 {}".format(server.file("live").relative_to(server.home.parents[2]))
    with unit(server, f"[Service]\nExecStartPre=/bin/sh -c 'cd / && ! {broken}'\nRestart=no\n"):
        run = play(antmedia_host_apps={"live": {"settings": {"hlsTime": 9}}}, **OTHER)
        assert run.failed
        assert files(server) == before
        assert main_process(server) not in (process, "MainPID=0")
        assert_policy(server)
