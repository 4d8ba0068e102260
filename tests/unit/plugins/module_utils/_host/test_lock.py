from __future__ import annotations

import fcntl
import os
import signal
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import lock as _lock


def test_one_at_a_time(home):
    before = sorted(path.name for path in (home / "conf").iterdir())
    with _lock.hold(str(home), 5):
        begin = time.monotonic()
        message = "did not end within 0 s; nothing was changed"
        with pytest.raises(_lock.Locked, match=message), _lock.hold(str(home), 0):
            pytest.fail("two at once")
        assert time.monotonic() - begin < 2
    with _lock.hold(str(home), 0):
        pass
    assert sorted(path.name for path in (home / "conf").iterdir()) == before


def test_the_second_waits(home):
    child = os.fork()
    if not child:
        with _lock.hold(str(home), 0):
            time.sleep(0.5)
        os._exit(0)
    time.sleep(0.1)
    begin = time.monotonic()
    with _lock.hold(str(home), 10):
        assert 0.1 < time.monotonic() - begin < 5
    os.waitpid(child, 0)


def test_a_child_keeps_the_lock_and_a_killed_one_leaves_none(home):
    with _lock.hold(str(home), 0):
        child = os.fork()
        if not child:
            time.sleep(60)
            os._exit(0)
    with pytest.raises(_lock.Locked), _lock.hold(str(home), 0):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with _lock.hold(str(home), 0):
        pass


def test_no_folder_to_lock(tmp_path):
    with _lock.hold(str(tmp_path / "absent"), 0):
        pass


def test_a_file_system_without_locks(home, monkeypatch):
    def refuse(_handle, _operation):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with _lock.hold(str(home), 0):
        pass
