"""The policy file on a host: read when it has changed, and not at all where others may write it."""

from __future__ import annotations

import os

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import watch as _watch

OLD = 1_000_000_000


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "policy.json"
    path.write_text("one")
    path.chmod(0o640)
    os.utime(path, (OLD, OLD))
    return path


@pytest.fixture
def watch(path, monkeypatch):
    monkeypatch.setattr(_watch, "_FRESH_SECONDS", -1)  # these files are made a moment before
    return _watch.Watch(str(path), os.getuid())


def replace(path, text):
    new = path.with_name("new")
    new.write_text(text)
    new.chmod(0o640)
    new.rename(path)


def test_read_once_and_again_when_it_has_changed(watch, path):
    assert watch.look() == ("one", "")
    assert watch.look() is None
    replace(path, "two")
    assert watch.look() == ("two", "")
    assert watch.look() is None
    assert watch.look(again=True) == ("two", "")
    path.write_text("other")
    assert watch.look() == ("other", "")
    os.utime(path, (OLD, OLD))
    assert watch.look() == ("other", "")
    assert watch.look() is None


def test_gone_and_back(watch, path):
    watch.look()
    path.unlink()
    text, why = watch.look()
    assert text is None
    assert why == f"{path} cannot be read: No such file or directory"
    assert watch.look() is None
    replace(path, "one")
    assert watch.look() == ("one", "")


def test_a_folder_that_is_gone(watch, path):
    watch.look()
    path.unlink()
    path.parent.rmdir()
    assert watch.look()[0] is None


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o641, 0o642, 0o650, 0o666, 0o777, 0o604])
def test_a_mode_that_lets_others_in(watch, path, mode):
    watch.look()
    path.chmod(mode)
    assert watch.look() == (None, f"{path} can be read or written by others")
    path.chmod(0o640)
    assert watch.look() == ("one", "")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o400, 0o440])
def test_modes_that_do(watch, path, mode):
    path.chmod(mode)
    assert watch.look() == ("one", "")


def test_a_file_of_somebody_else(path):
    watch = _watch.Watch(str(path), os.getuid() + 1)
    assert watch.look() == (None, f"{path} belongs to another account")


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe", "socket"])
def test_what_is_no_file(watch, path, kind):
    watch.look()
    target = path.with_name("target")
    path.rename(target)
    if kind == "link":
        path.symlink_to(target)
    elif kind == "dangling":
        path.symlink_to("nowhere")
    elif kind == "folder":
        path.mkdir(mode=0o740)
    elif kind == "pipe":
        os.mkfifo(path, 0o640)
    else:
        path.symlink_to("/dev/zero")
    text, why = watch.look()
    assert text is None
    assert why
    assert watch.look() is None


def test_an_endless_file(watch, path, monkeypatch):
    monkeypatch.setattr(_watch, "LARGEST", 100)
    path.write_text("x" * 100)
    assert watch.look() == ("x" * 100, "")
    path.write_text("x" * 101)
    assert watch.look() == (None, f"{path} is too large")


def test_what_is_no_text(watch, path):
    path.write_bytes(b"\xff")
    assert watch.look() == (None, f"{path} is not text")


def test_a_file_that_has_just_changed_is_read_again(path, monkeypatch):
    """It may be written twice while the clock of its system ticks once, with as many bytes."""
    watch = _watch.Watch(str(path), os.getuid())
    assert watch.look() == ("one", "")
    assert watch.look() == ("one", "")
    monkeypatch.setattr(_watch.time, "time", lambda: os.stat(path).st_ctime + 3)
    watch.look()
    assert watch.look() is None


def test_the_clock_may_have_gone_back(path, monkeypatch):
    watch = _watch.Watch(str(path), os.getuid())
    monkeypatch.setattr(_watch.time, "time", lambda: 0)
    assert watch.look() == ("one", "")
    assert watch.look() is None
