from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import cutover as _cutover

from tests.kit import child


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """Where results are left, as (folder, name)."""
    monkeypatch.setattr(_cutover, "RUN", str(tmp_path / "run"))
    (tmp_path / "conf").mkdir()
    folder, name = _cutover._desk(str(tmp_path))
    return Path(folder) / name


@pytest.fixture
def home(tmp_path):
    return tmp_path


def test_works_at_the_moment_and_is_collected(home, desk):
    moment = time.time() + 0.5
    pid = _cutover.start(str(home), moment, lambda: {"at": time.time(), "pid": os.getpid()})
    assert not desk.exists()
    result = _cutover.collect(str(home), 20)
    os.waitpid(pid, 0)
    assert result["pid"] == pid
    assert result["at"] >= moment
    assert _cutover.collect(str(home), 0) == result


def test_only_the_owner_reads_the_result(home, desk):
    os.waitpid(_cutover.start(str(home), 0, dict), 0)
    assert stat.S_IMODE(desk.stat().st_mode) == 0o600


def test_a_start_forgets_the_last_result_and_what_it_left(home, desk):
    desk.parent.mkdir(exist_ok=True)
    for suffix in ("", "-new"):
        desk.with_name(desk.name + suffix).write_text("{}")
    os.waitpid(_cutover.start(str(home), time.time() + 0.3, lambda: {"run": 2}), 0)
    assert _cutover.collect(str(home), 0) == {"run": 2}


def test_does_not_write_through_a_link(home, tmp_path, desk):
    victim = tmp_path / "victim"
    victim.write_text("whole")
    desk.parent.mkdir(exist_ok=True)
    desk.with_name(desk.name + "-new").symlink_to(victim)
    os.waitpid(_cutover.start(str(home), 0, dict), 0)
    assert victim.read_text() == "whole"
    assert _cutover.collect(str(home), 0) == {}


def test_an_error_says_its_kind_and_nothing_it_holds(home):
    def fail():
        raise ValueError("a secret")

    os.waitpid(_cutover.start(str(home), 0, fail), 0)
    result = _cutover.collect(str(home), 0)
    assert result["failed"] is True
    assert "ValueError" in result["msg"]
    assert "a secret" not in json.dumps(result)


def test_called_off_before_its_moment(home):
    begin = time.time()
    pid = _cutover.start(
        str(home), begin + 30, lambda: {"done": True}, lambda: {"given": "up", "pid": os.getpid()}
    )
    _cutover.call_off(str(home))
    os.waitpid(pid, 0)
    assert time.time() < begin + 20
    assert _cutover.collect(str(home), 0) == {"given": "up", "pid": pid}
    os.waitpid(_cutover.start(str(home), time.time() + 0.2, lambda: {"run": 2}), 0)
    assert _cutover.collect(str(home), 0) == {"run": 2}


def test_called_off_too_late(home):
    os.waitpid(_cutover.start(str(home), 0, lambda: {"done": True}), 0)
    _cutover.call_off(str(home))
    assert _cutover.collect(str(home), 0) == {"done": True}


@pytest.mark.parametrize("marker", ["file", "link", "pipe"])
def test_a_marker_that_is_there_calls_off_as_it_is(home, tmp_path, marker, desk):
    """The folder belongs to the server's account, which may have put anything there."""
    path = desk.with_name(desk.name + _cutover.OFF)
    elsewhere = tmp_path / "elsewhere"
    pid = _cutover.start(str(home), time.time() + 30, lambda: {"done": True}, lambda: {"off": True})
    if marker == "link":
        path.symlink_to(elsewhere)
    elif marker == "pipe":
        os.mkfifo(path)
    else:
        path.write_text("")
    _cutover.call_off(str(home))
    assert not elsewhere.exists()
    os.waitpid(pid, 0)
    assert _cutover.collect(str(home), 0) == {"off": True}


def test_nothing_to_collect(home):
    assert _cutover.collect(str(home), 0.2) is None


def test_the_caller_can_go(home, desk):
    """The child holds neither the output of its parent open nor its session."""
    script = (
        "from ansible_collections.streamward.antmedia.plugins.module_utils._host import cutover as"
        f" _cutover;import time; _cutover.RUN = {_cutover.RUN!r};_cutover.start({str(home)!r},"
        " time.time() + 1, lambda: {'done': True})"
    )
    begin = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", script], env=child.environment(), stdout=subprocess.PIPE, check=True
    )
    gone = time.monotonic() - begin
    assert not desk.exists(), gone
    assert _cutover.collect(str(home), 20) == {"done": True}
