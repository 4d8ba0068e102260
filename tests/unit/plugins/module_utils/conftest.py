"""An RTMP server on loopback that answers as it is told, and processes that look like a server."""

from __future__ import annotations

import contextlib
import os

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import sockets as _sockets

from tests.kit.rtmp import Rtmp
from tests.kit.seeming import Seeming


@pytest.fixture
def rtmp():
    with contextlib.closing(Rtmp()) as server:
        yield server


@pytest.fixture
def seeming(home, tmp_path):
    """Start such a process: `seeming(uid=12345)`; the test's own account is the server's."""
    made = []

    def start(port=0, uid=0):
        if uid and os.geteuid():
            pytest.skip("only root can be another account")
        made.append(Seeming(home, tmp_path / f"heard{len(made)}", port, uid))
        return made[-1]

    yield start
    for one in made:
        one.stop()


@pytest.fixture(params=["netlink", "table"])
def listed(request, monkeypatch):
    if request.param == "table":

        def refuse(*_ignored):
            raise OSError("not here")

        monkeypatch.setattr(_sockets, "_from_netlink", refuse)
    return request.param
