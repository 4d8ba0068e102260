"""How the guard comes, goes and comes back."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    files as _files,
    guard as _guard,
    program as _program,
    prove as _prove,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import service as _service
from ansible_collections.streamward.antmedia.plugins.module_utils._server import ready as _ready

HOME = "/usr/local/antmedia"
Guard = _guard.Guard


def files(tmp_path):
    return sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())


ALL = ["d/a.conf", "etc/a.service", "lib/a.pyz"]


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
    _guard.release(HOME)
    assert system.asked == []
    Guard(HOME, True).put()
    system.closed = True
    _guard.release("/srv/other")  # nor is it that server that was proved
    assert (system.asked, system.closed) == (["daemon-reload"], True)
    _guard.release(HOME)
    assert system.asked[-1] == "stop streamward-boot-guard.service"
    assert not system.closed


def test_a_check_that_cannot_be_stopped_is_not_released(system):
    Guard(HOME, True).put()
    system.closed, system.broken = True, ("stop",)
    with pytest.raises(_files.GuardError, match="boot guard: systemctl: no"):
        _guard.release(HOME)
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

    monkeypatch.setattr(_prove, "prove", prove)
    with pytest.raises(_files.GuardError, match="keeps the server closed: application"):
        guard.reopen(service, 1)
    assert system.closed
    outcome.clear()
    guard.reopen(service, 1)
    assert not system.closed


def test_a_server_that_does_not_run_is_not_reopened(system, monkeypatch):
    Guard(HOME, True).put()
    system.closed = True
    monkeypatch.delattr(_prove, "prove")
    Guard(HOME, True).reopen(SimpleNamespace(process=lambda: None), 1)
    assert system.closed
