"""The proof of a start that goes well, open, broken or not at all."""

from __future__ import annotations

import dataclasses
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import prove as _prove
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    ready as _ready,
)

LATER = 1e9  # a time of time.monotonic() that does not come


def prove(home, service):
    return _prove.prove(str(home), service, service.process(), LATER)


def test_a_good_start(guarded, home, service, fake):
    guarded.start()
    before = fake.snapshot(home / "webapps")
    assert prove(home, service) == {}
    assert fake.snapshot(home / "webapps") == before
    assert not any(path.startswith("POST") for path in guarded.web.paths())


def test_an_open_start_is_healed_and_the_files_stay(guarded, home, service, fake):
    before = fake.snapshot(home / "webapps")
    guarded.open_starts = 1
    guarded.start()
    healed = prove(home, service)
    assert sorted(healed) == ["LiveApp", "events"]
    assert "jwtControlEnabled" in healed["LiveApp"]
    assert guarded.memory["events"]["jwtControlEnabled"] is True
    assert fake.snapshot(home / "webapps") == before


def test_no_application_is_asked_before_it_has_started(guarded, home, service):
    guarded.silent = ["events"]
    guarded.start()
    with pytest.raises(_ready.NotReady, match="events has not started"):
        _prove.prove(str(home), service, service.process(), time.monotonic() + 0.1)
    assert not any("/events/" in path for path in guarded.web.paths())


def test_an_application_that_the_first_request_opens(guarded, home, service, monkeypatch):
    """The server lists one that still loads, and its log may say nothing."""
    with open(_installation.app_path(str(home), "events"), "ab") as stream:
        stream.write(b"\npublishJwtControlEnabled=true\n")
    guarded.start()
    ask = _ready.wait_answering

    def open_by_asking(*arguments):
        ask(*arguments)
        guarded.memory["events"]["publishJwtControlEnabled"] = False

    monkeypatch.setattr(_ready, "wait_answering", open_by_asking)
    assert prove(home, service) == {"events": ["publishJwtControlEnabled"]}
    assert guarded.memory["events"]["publishJwtControlEnabled"] is True


def test_a_server_that_does_not_take_what_is_posted(guarded, home, service):
    guarded.open_starts = 1
    guarded.deaf = ["LiveApp"]
    guarded.start()
    with pytest.raises(_ready.NotReady, match="LiveApp does not hold"):
        prove(home, service)


def test_an_application_that_is_open_although_it_holds_its_settings(
    guarded, home, service, monkeypatch
):
    guarded.start()
    monkeypatch.setattr(_app, "open_apps", lambda installation: ["events"])
    with pytest.raises(_ready.NotReady, match="events answers without a token"):
        prove(home, service)


def test_an_open_start_that_nobody_can_heal(without_management, home, service):
    without_management.open_starts = 1
    without_management.start()
    with pytest.raises(_prove.Open, match="LiveApp, events came up"):
        prove(home, service)


def test_what_nobody_can_tell_is_no_proof(without_management, home, service):
    """Without tokens on its REST API an application's start cannot be told good from open."""
    path = _installation.app_path(str(home), "events")
    with open(path, "ab") as stream:
        stream.write(b"\njwtControlEnabled=false\n")
    without_management.start()
    with pytest.raises(_ready.NotReady, match="nobody can ask what application events holds"):
        prove(home, service)


def test_older_servers_do_not_come_up_open(without_management, home, service, monkeypatch):
    monkeypatch.setattr(_versions, "OPEN_STARTS", (9, 9))
    with open(_installation.app_path(str(home), "events"), "ab") as stream:
        stream.write(b"\njwtControlEnabled=false\n")
    without_management.start()
    assert prove(home, service) == {}


@pytest.mark.parametrize("step", [-3600, 1, 3600])
def test_a_clock_that_is_set_meanwhile(guarded, home, service, step, monkeypatch):
    """It moves what /proc says of the start in Unix seconds, and nothing else."""
    guarded.start()
    process = service.process()
    moved = dataclasses.replace(process, started=process.started + step)
    monkeypatch.setattr(guarded, "process", moved)
    assert _prove.prove(str(home), service, process, LATER) == {}


@pytest.mark.parametrize("again", [False, True])
def test_a_server_that_ends_meanwhile(guarded, home, service, again):
    guarded.start()
    process = service.process()
    guarded.stop()
    if again:
        guarded.start()
    with pytest.raises(_prove.Gone):
        _prove.prove(str(home), service, process, LATER)


def test_a_server_that_has_run_for_long_is_not_waited_for(guarded, home, service):
    """Its log may be gone, and what it said with it."""
    guarded.start()
    guarded.log.unlink()
    guarded.process = _process.Process(1, time.time() - 10000, {})
    assert prove(home, service) == {}
