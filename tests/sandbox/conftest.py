"""Private real servers for tests: the sandbox of `make demo`, one for each test that asks."""

from __future__ import annotations

import pytest

from demo.sandbox import Sandbox

APPS = ["LiveApp", "events", "staging"]


@pytest.fixture(scope="session")
def sandboxes(tmp_path_factory):
    """Make servers: `sandboxes(apps=[...], version="2.6.1")` gives a laid out, stopped Sandbox.

    All are stopped when the session ends, by their own process ids.
    """
    made = []

    def make(**options):
        sandbox = Sandbox(tmp_path_factory.mktemp("sandbox") / "server")
        sandbox.create(**{"apps": APPS, **options})
        made.append(sandbox)
        return sandbox

    yield make
    for sandbox in made:
        sandbox.stop()


@pytest.fixture
def sandbox(sandboxes):
    """A stopped server as shipped, with three applications, for one test to change as it likes."""
    server = sandboxes()
    yield server
    server.stop()


@pytest.fixture
def running(sandbox):
    """The same, started and ready."""
    sandbox.start()
    sandbox.wait_ready()
    return sandbox
