from __future__ import annotations

import contextlib
import os
import socket

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    listens as _listens,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    network as _network,
    sockets as _sockets,
)


@pytest.fixture
def listening():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def row(scene, port):
    (found,) = (each for each in _listens.look(scene) if each["port"] == port)
    return found


def test_who_listens_where(scene, listening, listed):
    found = row(scene(), listening)
    assert (found["address"], found["server"]) == ("127.0.0.1", False)
    assert row(scene(pid=os.getpid()), listening)["server"] is True


def test_a_server_that_does_not_show_its_sockets(scene, listening, monkeypatch):
    def refuse(pid, inodes):
        raise PermissionError

    monkeypatch.setattr(_sockets, "held", refuse)
    assert row(scene(pid=os.getpid()), listening)["server"] is None


def test_the_network_of_a_server_that_is_elsewhere(scene, monkeypatch):
    asked = []
    monkeypatch.setattr(_network, "apart", lambda process: True)
    monkeypatch.setattr(_sockets, "every", lambda pid: asked.append(pid) or [])
    assert _listens.look(scene(pid=4711)) == []
    assert asked == [4711]


def test_ports_without_end(scene, monkeypatch):
    many = [_sockets.Socket(None, number, 0, number) for number in range(_listens.MOST + 1)]
    monkeypatch.setattr(_sockets, "every", lambda pid: many)
    found = scene()
    assert len(_listens.look(found)) == _listens.MOST
    assert found.files.unread == ["listens: more than 500 ports listen; the others were left out"]
