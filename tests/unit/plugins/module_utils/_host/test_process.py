from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import process as _process

from tests.kit import child as _child
from tests.kit.accounts import ACCOUNT as EVE


@pytest.fixture
def java(tmp_path):
    """Start something whose command line looks like the server's: `java(folder, *arguments)`."""
    running = []

    def start(cwd, *arguments, env=None, uids=(0, 0), name=sys.executable):
        if uids != (0, 0) and os.geteuid():
            pytest.skip("only root can be another account")
        code = f"import os, time; os.setresuid{(*uids, 0)}; print(flush=True); time.sleep(600)"
        code = code if uids != (0, 0) else "import time; print(flush=True); time.sleep(600)"
        child = subprocess.Popen(
            [name, "-c", code, *arguments, "org.red5.server.Bootstrap", "9999"],
            executable=sys.executable,
            cwd=cwd,
            env={"PATH": os.defpath, **(env or {})},
            stdout=subprocess.PIPE,
        )
        running.append(child)
        child.stdout.readline()
        return child

    yield start
    for child in running:
        child.kill()
        child.wait()
        child.stdout.close()


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


def test_how_it_was_started(java, tmp_path):
    java(tmp_path, "-DjwtSecretKey=hidden", env={"JWTSECRETKEY": "x", "HOME": "/"})
    found = _process.find(str(tmp_path))
    assert found.environ["JWTSECRETKEY"] == "x"
    assert "-DjwtSecretKey=hidden" in found.arguments
    assert found.folder == str(tmp_path)
    assert "hidden" not in repr(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")
def test_a_process_that_shows_itself_to_its_own_account_only(monkeypatch):
    """As in a container without the right to look into the processes of others."""

    def own_only(_pid):
        if os.geteuid() == 0:
            raise PermissionError
        return os.geteuid()

    assert _process._shown(1, 65533, own_only) == 65533
    assert os.geteuid() == 0
    assert _process._shown(1, 0, own_only) is None


def test_a_process_that_shows_nothing(monkeypatch):
    def refuse(*_ignored):
        raise PermissionError

    monkeypatch.setattr(_process, "_read", refuse)
    monkeypatch.setattr(os, "readlink", refuse)
    assert (_process._arguments(1), _process._folder(1, 0)) == ((), "")


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


# --- whose it is ---


@pytest.mark.parametrize("uids", [(EVE, EVE), (0, EVE), (EVE, 0)])
def test_a_process_of_another_account_is_none(java, tmp_path, uids):
    """Not even one that has the rights of root from a program, and is somebody else's."""
    java(tmp_path, uids=uids)
    assert _process.find(str(tmp_path)) is None


@pytest.mark.parametrize(
    "owned",
    ["", "conf", "webapps", "conf/red5.properties", "webapps/x/WEB-INF/red5-web.properties"],
)
def test_a_process_of_an_account_whose_files_the_home_has(java, home, owned):
    (home / "webapps" / "x" / "WEB-INF").mkdir(parents=True)
    (home / "webapps" / "x" / "WEB-INF" / "red5-web.properties").write_bytes(b"")
    child = java(home, uids=(EVE, EVE))
    assert _process.find(str(home)) is None
    os.chown(home / owned, EVE, EVE)
    found = _process.find(str(home))
    assert (found.pid, found.uid) == (child.pid, EVE)


def test_an_impostor_before_and_after_the_server(java, tmp_path):
    java(tmp_path, uids=(EVE, EVE))
    server = java(tmp_path)
    java(tmp_path, uids=(EVE, EVE))
    assert _process.find(str(tmp_path)).pid == server.pid


@pytest.fixture
def cgroups(monkeypatch):
    """What systemd's tree says of processes, by their ids."""
    found, read = {1: "/init.scope"}, _process._read

    def told(pid, name):
        if name != "cgroup":
            return read(pid, name)
        return "4:cpu:/x\n0::{}\n".format(found.get(int(pid), "/user.slice/a")).encode()

    monkeypatch.setattr(_process, "_read", told)
    return found


def test_of_two_the_one_of_the_unit_is_the_server(java, tmp_path, cgroups):
    first, second = java(tmp_path), java(tmp_path)
    assert _process.find(str(tmp_path)).pid == first.pid
    cgroups[second.pid] = "/system.slice/antmedia.service"
    assert _process.find(str(tmp_path)).pid == second.pid


def test_the_unit_may_name_an_account_that_owns_nothing(java, tmp_path, cgroups):
    child = java(tmp_path, uids=(EVE, EVE))
    cgroups[child.pid] = "/system.slice/antmedia.service"
    assert _process.find(str(tmp_path)).pid == child.pid


@pytest.mark.parametrize(
    ("first", "path", "found"),
    [
        ("/init.scope", "/system.slice/antmedia.service", True),
        ("/init.scope", "/media.slice/media-a.slice/antmedia.service/more", True),
        ("/", "/system.slice/antmedia.service", True),
        ("/machine.slice/a.scope/init.scope", "/machine.slice/a.scope/b.slice/antmedia.service", 1),
        ("/machine.slice/a.scope/init.scope", "/system.slice/antmedia.service", False),
        ("/init.scope", "/user.slice/user-1.slice/user@1.service/a.slice/antmedia.service", False),
        ("/init.scope", "/user.slice/antmedia.service", False),
        ("/init.scope", "/machine.slice/a.scope/system.slice/antmedia.service", False),
        ("/init.scope", "/machine.slice/antmedia.service", False),
        ("/init.scope", "/system.slice/antmedia.service.evil", False),
        ("/init.scope", "/system.slice/other.service", False),
        ("/init.scope", "/system.slice/other.service/antmedia.service", False),
        ("/init.scope", "", False),
    ],
)
def test_what_the_unit_has_started(cgroups, first, path, found):
    cgroups.update({1: first, 77: path})
    assert _process.of_unit(77) == bool(found)


def test_the_tree_of_an_older_system(monkeypatch):
    said = {1: b"3:name=systemd:/init.scope\n2:cpu:/a:b\n", 2: b"", 3: b"nonsense"}
    said[77] = b"9:cpu:/\n3:name=systemd:/system.slice/antmedia.service\n"
    monkeypatch.setattr(_process, "_read", lambda pid, name: said[pid])
    assert _process.of_unit(77)
    assert not _process.of_unit(2)
    assert not _process.of_unit(3)


def test_what_only_passes_the_arguments_on_is_not_the_server(java, tmp_path):
    """As runuser and the like, which are there before the server and stay."""
    java(tmp_path, name="runuser")
    server = java(tmp_path, name="/usr/bin/java")
    java(tmp_path, name="java")  # as a server that is about to start a program is for a moment
    assert _process.find(str(tmp_path)).pid == server.pid


def test_a_program_that_lends_its_rights_is_none(java, tmp_path, monkeypatch):
    """Such as sudo, which anybody may have given the arguments and waits for a password."""
    child = java(tmp_path)
    real = os.stat

    def lending(path, **options):
        if path == f"/proc/{child.pid}/exe":
            return os.stat_result((0o104755, *real(path)[1:]))
        return real(path, **options)

    assert _process.find(str(tmp_path)).pid == child.pid
    monkeypatch.setattr(os, "stat", lending)
    assert _process.find(str(tmp_path)) is None


def test_the_same_name_in_a_container_is_another_home(java, tmp_path):
    if os.geteuid() or not shutil.which("unshare"):
        pytest.skip("only root can make one")
    child = java("/", f"-Dcatalina.home={tmp_path}")
    assert _process.find(str(tmp_path)).pid == child.pid
    inside = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs none "{tmp_path}" && exec "$@"', "sh"]
    code = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"]
    seems = [f"-Dcatalina.home={tmp_path}", "org.red5.server.Bootstrap", "9999"]
    mounted = subprocess.Popen([*inside, *code, *seems], stdout=subprocess.PIPE, cwd="/")
    try:
        assert mounted.stdout.readline() == b"\n"
        child.kill()
        child.wait()
        assert _process.find(str(tmp_path)) is None
    finally:
        mounted.kill()
        mounted.wait()
        mounted.stdout.close()


def test_a_place_that_may_not_be_looked_at(java, tmp_path, monkeypatch):
    """As where root is not let look: then the arguments have to do."""
    child = java("/", f"-Dcatalina.home={tmp_path}")
    real = os.stat

    def refuse(path, **options):
        if str(path).startswith(f"/proc/{child.pid}/"):
            raise PermissionError
        return real(path, **options)

    monkeypatch.setattr(os, "stat", refuse)
    assert _process.find(str(tmp_path)).pid == child.pid


@pytest.mark.parametrize("name", ["stat", "status", "cmdline", "cgroup", "environ"])
@pytest.mark.parametrize("content", [b"", b"x", b"Uid:", b"Uid:\tx\n", b") ", b"\0" * 999, b"="])
def test_nothing_in_proc_does_harm(java, tmp_path, monkeypatch, name, content):
    java(tmp_path)
    read = _process._read
    monkeypatch.setattr(
        _process, "_read", lambda pid, file: content if file == name else read(pid, file)
    )
    found = _process.find(str(tmp_path))
    assert (found is None) == (name in ("stat", "status", "cmdline"))


def test_a_process_that_shows_no_end(monkeypatch):
    monkeypatch.setattr(_process, "MOST_BYTES", 10)
    assert len(_process._read(os.getpid(), "status")) == 10


def test_a_chain_of_links_does_no_harm(java, tmp_path):
    """Each is one more step for whoever resolves them by himself."""
    for number in range(1500):
        (tmp_path / f"l{number}").symlink_to(f"l{number + 1}")
    (tmp_path / "l1500").mkdir()
    java("/", f"-Dcatalina.home={tmp_path}/l0")
    assert _process.find(str(tmp_path / "l1500")) is None


# --- where the operator sits ---


def connected(ssh_connection, tmp_path):
    """What a grandchild of a process with that variable finds out, without having it itself."""
    code = (
        "from ansible_collections.streamward.antmedia.plugins.module_utils._host import "
        "process as _process\n"
        "print(_process.connected_from())"
    )
    command = ["env", "-u", "SSH_CONNECTION", sys.executable, "-c", code]
    script = tmp_path / "outer.py"
    script.write_text(f"import subprocess; subprocess.run({command!r}, check=True)")
    environ = _child.environment()
    environ.pop("SSH_CONNECTION", None)
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


# --- what is not taken for it ---


def others(home, child):
    found = {other.pid: other for other in _process.others(str(home))}
    return found.get(child.pid)


def test_what_is_not_taken_for_the_server_and_why(java, home, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    named = java(tmp_path, f"-Dcatalina.home={elsewhere}")
    assert others(home, named).why == f"runs from {elsewhere}"
    assert others(home, named).here and not others(home, named).shares
    unnamed = java(elsewhere)
    assert others(home, unnamed).why == "runs"
    eve = java(home, uids=(EVE, EVE))
    assert others(home, eve).why == f"runs as account {EVE}, which owns nothing of {home}"
    assert not others(home, eve).here
    other_program = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert others(home, other_program) is None
    other_program.communicate()


def test_a_process_with_a_part_of_the_home(java, home, tmp_path):
    part = tmp_path / "part"
    part.mkdir()
    child = java(tmp_path, f"-Dcatalina.home={part}")
    assert not others(home, child).shares
    (part / "conf").symlink_to(home / "conf")
    assert others(home, child).shares
    (part / "conf").unlink()
    assert not others(home, child).shares
    (part / "webapps").symlink_to(home / "webapps")
    assert others(home, child).shares
    inside = java(part)
    assert others(home, inside).shares


def test_a_process_that_may_not_be_looked_at(java, home, tmp_path, monkeypatch):
    child = java(tmp_path, f"-Dcatalina.home={tmp_path}")
    real = os.stat

    def refuse(path, **options):
        if str(path).startswith(f"/proc/{child.pid}/root"):
            raise PermissionError
        return real(path, **options)

    monkeypatch.setattr(os, "stat", refuse)
    found = others(home, child)
    assert (found.why, found.here) == ("may not be looked at by this account", False)


def test_a_process_in_a_container(java, home, tmp_path, monkeypatch):
    child = java(tmp_path, "-Dcatalina.home=/usr/local/antmedia")
    monkeypatch.setattr(_process, "in_container", lambda pid: pid == child.pid)
    found = others(home, child)
    assert (found.why, found.here) == ("runs from /usr/local/antmedia in a container", False)


def test_this_process_is_in_no_container_of_its_own():
    assert not _process.in_container(os.getpid())
    assert not _process.in_container(1 << 30)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can have another root folder")
def test_a_process_with_another_root_is_in_a_container():
    code = "import os, time; os.chroot('/proc'); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        assert _process.in_container(child.pid)
        child.kill()


def test_what_a_process_calls_itself():
    assert _process.program(os.getpid())
    assert _process.program(1 << 30) == ""
