"""Made-up homes and servers, for tests that need no server."""

from __future__ import annotations

import contextlib
import time

import hypothesis
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    process as _process,
    service as _service,
    sockets as _sockets,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    ready as _ready,
    unseen as _unseen,
)

from tests.kit import accounts, calling, fake_server, madeup

# A busy machine is no defect.
hypothesis.settings.register_profile("unit", deadline=None)
hypothesis.settings.load_profile("unit")


@pytest.fixture(scope="session")
def fake():
    """What homes and installations are made with."""
    return madeup


@pytest.fixture
def home(tmp_path):
    """A home of the newest version that reads both spellings, with two applications."""
    return madeup.home(tmp_path / "antmedia")


@pytest.fixture
def base():
    """A folder that every account can enter, unlike those of pytest."""
    with accounts.open_folder() as folder:
        yield folder


@pytest.fixture
def web():
    with contextlib.closing(fake_server.Web()) as server:
        yield server


@pytest.fixture
def listens(monkeypatch):
    """The process of the tests is the server of every home, and has run for an hour."""
    found = fake_server.this_process(time.time() - 3600, {})
    monkeypatch.setattr(_process, "find", lambda home: found)
    return found


@pytest.fixture
def ams(home, web, monkeypatch):
    """A server that runs from the home, and does not know what is in its files yet."""
    server = fake_server.Ams(home, web)
    monkeypatch.setattr(_process, "find", server.find)
    # Its port is that of a fake, which stays open while the server is stopped.
    listening = _sockets.listening
    monkeypatch.setattr(
        _sockets, "listening", lambda port: listening(port) if server.process else []
    )
    monkeypatch.setattr(_unseen, "reached", lambda places: set())
    monkeypatch.setattr(_service.Service, "start", server.start)
    monkeypatch.setattr(_service.Service, "stop", server.stop)
    monkeypatch.setattr(_ready, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(_ready, "FORK_SECONDS", 0.05)
    server.start()
    server.started = 0
    return server


@pytest.fixture
def call(capfd, monkeypatch):
    """Call a module in this process: `call(module, check=False, **arguments)` is its result."""
    return calling.Caller(capfd, monkeypatch)
