from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    log as _log,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import start as _start
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    management as _management,
)


class Management:
    accessible = False
    apps = ()

    def applications(self):
        if self.apps is None:
            raise _management.RestError("no")
        return self.apps


@pytest.fixture
def wait(home, tmp_path, monkeypatch):
    path = tmp_path / "server.log"
    monkeypatch.setattr(_log, "log_path", lambda _home: (str(path), None))
    monkeypatch.setattr(_start, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(_start, "SILENCE_SECONDS", 0.2)

    def run(age=5, started=(), seconds=5, management=None):
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        path.write_text("".join(f"{now},1 [L] INFO i.a.X - {app} started\n" for app in started))
        return _start.wait(
            _installation.observe(str(home)),
            _process.Process(1, time.time() - age, {}),
            management or Management(),
            seconds,
        )

    return run


def test_a_server_past_its_start(wait):
    assert wait(age=3600) == set()


def test_all_have_started(wait):
    assert wait(started=("LiveApp", "events")) == set()


def test_one_has_not_and_says_nothing_more(wait):
    begin = time.monotonic()
    assert wait(started=("LiveApp",), seconds=30) == {"events"}
    assert time.monotonic() - begin < 5


def test_no_longer_than_asked(wait):
    assert wait(seconds=0) == {"LiveApp", "events"}


def test_what_the_server_lists_has_started(wait):
    management = Management()
    management.accessible, management.apps = True, ("LiveApp", "events")
    assert wait(management=management) == set()
    management.apps = None
    assert wait(management=management, seconds=0) == {"LiveApp", "events"}
