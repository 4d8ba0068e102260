"""The guard's files: what is in them, and how they come, go and come back."""

from __future__ import annotations

import ast
import io
import os
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    files as _files,
    program as _program,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import ready as _ready

HOME = "/usr/local/antmedia"
Guard = _files.Guard


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A host with systemd and nftables: what was asked of systemd, where the files are."""
    found = SimpleNamespace(asked=[], closed=False, drop_ins=None, broken=())
    for name, path in (
        ("PROGRAM", "lib/a.pyz"),
        ("UNIT", "etc/a.service"),
        ("DROP_IN", "d/a.conf"),
    ):
        monkeypatch.setattr(_files, name, str(tmp_path / path))

    def systemctl(argv):
        found.asked.append(" ".join(argv[1:]))
        if argv[1] in found.broken:
            raise _service.ServiceError("systemctl: no")
        if argv[1] == "show":
            drop_ins = found.drop_ins
            return "DropInPaths=" + (_files.DROP_IN if drop_ins is None else drop_ins)
        return ""

    def open_again():
        found.closed = False

    monkeypatch.setattr(_service, "run", systemctl)
    monkeypatch.setattr(_firewall, "closed", lambda: found.closed)
    monkeypatch.setattr(_firewall, "open_again", open_again)
    monkeypatch.setattr(_firewall, "closable", lambda ports: None)
    monkeypatch.setattr(_program, "STATE", str(tmp_path / "run"))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid())
    return found


def files(tmp_path):
    return sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())


ALL = ["d/a.conf", "etc/a.service", "lib/a.pyz"]


# --- what is in them ---


def test_the_program_runs_by_itself(tmp_path):
    """With nothing but Python's own library: no Ansible, no collection, no folder of the user."""
    program = tmp_path / "guard.pyz"
    program.write_bytes(_files.archive())
    command = [sys.executable, "-I", "-S", str(program)]
    done = subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "usage: close|check|ended|open HOME\n")


def test_the_program_holds_what_it_imports_and_nothing_else():
    names = zipfile.ZipFile(io.BytesIO(_files.archive())).namelist()
    modules = {name.rpartition("module_utils/")[2] for name in names}
    held = {"_boot_guard/program.py", "_server/ready.py", "_server/heal.py", "_ams/catalogue.py"}
    assert held <= modules
    rooms = {name.partition("/")[0] for name in modules}
    assert not {"_apply", "_probe"} & rooms
    assert not {"_boot_guard/files.py", "_policy/compile.py"} & modules
    own = _files.PACKAGE.split(".")[0]
    for source in _files.sources().values():
        for node in ast.walk(ast.parse(source)):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                root = name.partition(".")[0]
                assert root in (own, "__future__") or root in sys.stdlib_module_names, name


def test_the_program_is_the_same_wherever_it_is_made():
    assert _files.archive() == _files.archive()


def test_the_unit_and_the_drop_in():
    _program, unit, drop_in = (c.decode("latin-1") for c in _files.contents(HOME).values())
    program = "/usr/local/lib/streamward/boot-guard.pyz"
    assert f"ExecStart={_files.python()} -I {program} check {HOME}\n" in unit
    # It would be called as well when a check ends and has not opened the ports.
    assert "ExecStop=" not in unit
    assert f"boot-guard.pyz ended {HOME}\n" in unit
    lines = [line.partition("=+")[::2] for line in drop_in.splitlines() if line.startswith("Exec")]
    assert [name for name, _command in lines] == [
        *("ExecStartPre", "ExecStartPost", "ExecStopPost", "ExecStopPost"),
    ]
    assert lines[0][1].endswith(f"{program} close {HOME}")
    assert lines[1][1].endswith("systemctl --no-block start streamward-boot-guard.service")
    assert lines[2][1].endswith("systemctl stop streamward-boot-guard.service")
    assert lines[3][1].endswith(f"{program} open {HOME}")


def test_a_home_that_systemd_would_read_otherwise():
    unit = _files.contents('/srv/a "b" 50%/$x')[_files.UNIT].decode()
    assert 'check "/srv/a \\"b\\" 50%%/$$x"\n' in unit


# --- whether it can be installed ---


@pytest.fixture
def faults(system, fake):
    def of(manager="systemd", version="2.17.1", jwt=True, wanted=True, **server):
        policy = {"server.jwtServerControlEnabled": "true" if jwt else "false", **server}
        if jwt:
            policy["server.jwtServerSecretKey"] = fake.SECRETS["management"]
        found = fake.installation(version, home=HOME)
        return _files.faults(found, policy, manager, wanted)

    return of


def test_nothing_in_the_way(faults, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert faults() == []
    assert faults(version="2.14.0", jwt=False) == []  # it does not come up open


@pytest.mark.parametrize("manager", ["none", "command"])
def test_only_with_systemd(faults, manager):
    assert "systemd does not start this server" in faults(manager=manager)[0]


def test_only_as_root(faults, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1)
    assert faults() == ["antmedia_boot_guard: needs root on the host; set become"]


def test_every_fault_at_once(faults, monkeypatch):
    def refuse(_ports):
        raise _firewall.FirewallError("nft is not installed; install the package nftables")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(_firewall, "closable", refuse)
    monkeypatch.setattr(_files, "PYTHONS", ("/nowhere",))
    found = faults(jwt=False)
    assert len(found) == 3
    assert found[0] == (
        "antmedia_boot_guard: nft is not installed; install the package nftables; or set it to"
        " false"
    )
    assert "no Python 3.8" in found[1]
    assert "set antmedia_management_jwt: true" in found[2]


def test_a_key_server_of_somebody_elses_is_no_access(faults, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "asks the server" in faults(**{"server.jwksURL": "https://idp.example.net"})[0]


def test_a_panel_that_lets_nobody_in_is_no_access(faults, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (fault,) = faults(**{"server.allowed_dashboard_CIDR": ""})
    assert "antmedia_dashboard_cidrs lets nobody in" in fault


def test_a_guard_that_is_there_must_be_able_to_check(faults, monkeypatch):
    """Else the next start, which nobody may be looking at, leaves the server closed."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert faults(jwt=False, wanted=None) == []
    Guard(HOME, True).put()
    assert "antmedia_boot_guard: false" in faults(jwt=False, wanted=None)[0]
    assert faults(wanted=None, manager="none") == []  # nothing here starts the server
    assert faults(jwt=False, wanted=False) == []


@pytest.mark.parametrize("home", [HOME, '/srv/a "b" 50%/$x'])
def test_whose_server_is_watched(system, home):
    assert not _files.watches(home)
    Guard(home, True).put()
    assert _files.watches(home)
    assert _files.watches(home + "/")
    assert not _files.watches("/srv/other")


# --- coming and going ---


def test_left_alone_where_not_named(system, tmp_path):
    guard = Guard(HOME, None)
    assert (guard.changed, guard.changes(), guard.installed) == (False, [], False)
    assert system.asked == []


def test_install_and_again(system, tmp_path):
    guard = Guard(HOME, True)
    assert guard.changed
    assert [change["reason"] for change in guard.changes()] == ["guard"] * 3
    assert files(tmp_path) == []
    guard.put()
    assert files(tmp_path) == ALL
    assert system.asked == ["daemon-reload"]
    for name in ALL:
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o644
    again = Guard(HOME, True)
    assert (again.changed, again.changes(), again.installed) == (False, [], True)
    assert Guard(HOME, None).installed


def test_a_run_killed_before_systemd_was_told(system):
    Guard(HOME, True).put()
    system.drop_ins = "/etc/systemd/system/antmedia.service.d/other.conf"
    guard = Guard(HOME, True)
    assert guard.changed
    guard.put()
    assert system.asked[-1] == "daemon-reload"


@pytest.mark.parametrize("name", ALL)
def test_a_file_that_somebody_changed_is_put_right(system, tmp_path, name):
    Guard(HOME, True).put()
    path = tmp_path / name
    good = path.read_bytes()
    path.write_bytes(good + b"x")
    guard = Guard(HOME, True)
    assert [change["file"] for change in guard.changes()] == [str(path)]
    guard.put()
    assert path.read_bytes() == good
    path.chmod(0o666)  # root would run what anybody wrote
    guard = Guard(HOME, True)
    assert guard.changed
    guard.put()
    assert path.stat().st_mode & 0o777 == 0o644


def test_remove(system, tmp_path):
    Guard(HOME, True).put()
    starts = _program.Starts(_program.STATE)
    starts.add()
    system.asked.clear()
    system.closed = True
    guard = Guard(HOME, False)
    assert (guard.changed, guard.installed) == (True, False)
    assert [change["new"] for change in guard.changes()] == [None] * 3
    guard.put()
    assert files(tmp_path) == []
    assert not (tmp_path / "lib").exists()
    assert not system.closed
    assert system.asked == ["stop streamward-boot-guard.service", "daemon-reload"]
    assert not Guard(HOME, False).changed


def test_folders_that_hold_something_else_stay(system, tmp_path):
    Guard(HOME, True).put()
    (tmp_path / "d" / "other.conf").write_text("")
    Guard(HOME, False).put()
    assert files(tmp_path) == ["d/other.conf"]


def test_a_full_disk_leaves_nothing(system, tmp_path, monkeypatch):
    real = os.rename

    def fail(source, target, **options):
        if target == os.path.basename(_files.UNIT):
            raise OSError(28, "No space left on device", target)
        real(source, target, **options)

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(_files.GuardError) as caught:
        Guard(HOME, True).put()
    assert str(caught.value) == f"boot guard: {_files.UNIT}: No space left on device"
    assert files(tmp_path) == []


def test_taken_back(system, tmp_path):
    guard = Guard(HOME, True)
    guard.put()
    guard.take_back()
    assert files(tmp_path) == []
    assert system.asked == ["daemon-reload"] * 2


def test_systemd_that_does_not_answer(system):
    Guard(HOME, True).put()
    system.broken = ("show",)
    with pytest.raises(_files.GuardError, match="boot guard: systemctl: no"):
        Guard(HOME, True)


# --- handing over ---


def test_release(system):
    _files.release(HOME)
    assert system.asked == []
    Guard(HOME, True).put()
    system.closed = True
    _files.release("/srv/other")  # nor is it that server that was proved
    assert (system.asked, system.closed) == (["daemon-reload"], True)
    _files.release(HOME)
    assert system.asked[-1] == "stop streamward-boot-guard.service"
    assert not system.closed


def test_a_check_that_cannot_be_stopped_is_not_released(system):
    Guard(HOME, True).put()
    system.closed, system.broken = True, ("stop",)
    with pytest.raises(_files.GuardError, match="boot guard: systemctl: no"):
        _files.release(HOME)
    assert system.closed


def test_no_guard_leaves_no_rules(system, tmp_path):
    """A first installation, a start that fails, a roll back that fails: the server starts later."""
    guard = Guard(HOME, True)
    guard.put()
    system.closed, system.broken = True, ("stop",)  # systemd knows the check no more
    guard.take_back()
    assert (files(tmp_path), system.closed) == ([], False)
    assert system.asked[-2:] == ["daemon-reload", "stop streamward-boot-guard.service"]


def test_a_guard_that_stays_keeps_its_rules(system, tmp_path):
    Guard(HOME, True).put()
    (tmp_path / "lib" / "a.pyz").write_bytes(b"an older one")
    guard = Guard(HOME, True)
    guard.put()
    system.closed = True
    guard.take_back()
    assert system.closed
    assert files(tmp_path) == ALL


@pytest.mark.parametrize("wanted", [None, False, True])
def test_rules_without_a_guard_are_found(system, wanted):
    system.closed = True
    guard = Guard(HOME, wanted)
    assert (guard.closed, guard.changed) == (True, True)
    guard.put()
    assert system.closed is (wanted is True)  # then it is checked first
    assert Guard("/srv/other", None).closed is False


def test_a_start_while_the_guard_goes(system):
    Guard(HOME, True).put()
    guard = Guard(HOME, False)
    run = _service.run

    def start(argv):
        system.closed = argv[1] == "daemon-reload"
        return run(argv)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_service, "run", start)
        guard.put()
    assert not system.closed
    assert system.asked[-2:] == ["daemon-reload", "stop streamward-boot-guard.service"]


def test_closed_by_a_check_that_failed(system, monkeypatch):
    Guard(HOME, True).put()
    system.closed = True
    guard = Guard(HOME, None)
    assert (guard.closed, guard.changed, guard.changes()) == (True, True, [])
    service = SimpleNamespace(process=lambda: "the process")
    outcome = [_ready.NotReady("application LiveApp has not started")]

    def prove(home, given, process, _deadline):
        assert (home, given, process) == (HOME, service, "the process")
        for error in outcome:
            raise error

    monkeypatch.setattr(_program, "prove", prove)
    with pytest.raises(_files.GuardError, match="keeps the server closed: application"):
        guard.reopen(service, 1)
    assert system.closed
    outcome.clear()
    guard.reopen(service, 1)
    assert not system.closed


def test_a_server_that_does_not_run_is_not_reopened(system, monkeypatch):
    Guard(HOME, True).put()
    system.closed = True
    monkeypatch.delattr(_program, "prove")
    Guard(HOME, True).reopen(SimpleNamespace(process=lambda: None), 1)
    assert system.closed
