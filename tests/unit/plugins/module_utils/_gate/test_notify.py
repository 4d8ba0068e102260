"""What the manager of the system is told, where there is one."""

from __future__ import annotations

import socket

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import notify as _notify


@pytest.mark.parametrize("abstract", [False, True])
def test_the_manager_is_told(tmp_path, monkeypatch, abstract):
    address = f"@gate-test-{tmp_path.name}-{id(tmp_path)}" if abstract else str(tmp_path / "n")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + address[1:] if abstract else address)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        _notify.Manager().tell(READY=1, STATUS="open")
        assert manager.recv(1000) == b"READY=1\nSTATUS=open"


def test_nobody_is_told_where_there_is_none(monkeypatch, tmp_path):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    _notify.Manager().tell(READY=1)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    _notify.Manager().tell(READY=1)


def test_a_manager_that_does_not_listen_holds_nothing_up(tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "n"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "n"))
        found = _notify.Manager()
        for _ in range(2000):
            found.tell(WATCHDOG=1)
