from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._automation import (
    journal as _journal,
    starts as _starts,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._automation.journal import Start
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    log as _log,
    process as _process,
    service as _service,
)

NOW = 1_000_000.0
SINCE = NOW - _starts.DAY
PROCESS = _process.Process(1, NOW, {})


@pytest.fixture
def host(monkeypatch):
    """What is found on a host: `host(log, told, orders, whole=True, systemd=True, ours=True)`."""

    def make(log=(), told=(), orders=(), whole=True, systemd=True, ours=True):
        asked = []

        def of_unit(since):
            asked.append(since)
            return list(told)

        monkeypatch.setattr(_log, "starts", lambda home, since: (list(log), whole))
        monkeypatch.setattr(_journal, "of_unit", of_unit)
        monkeypatch.setattr(_journal, "orders", lambda since: list(orders))
        monkeypatch.setattr(_service, "systemd_runs", lambda: systemd)
        monkeypatch.setattr(_process, "of_unit", lambda pid: ours)
        return _starts.look("/x", PROCESS, NOW), asked

    return make


def test_one_start_is_nobodys_concern(host):
    found, asked = host([NOW - 5], [Start(NOW - 6, "x", True)])
    assert found.shown() == {
        "last_day": 1,
        "at_least": False,
        "source": "log",
        "starts": [{"at": round(NOW - 5), "by": ""}],
    }
    assert asked == []


def test_reasons_of_the_journal(host):
    log = [NOW - 5000, NOW - 4000, NOW - 3000, NOW - 2000]
    told = [
        Start(NOW - 5003, "order", True),
        Start(NOW - 4003, "crash"),
        Start(NOW - 3500, "too early", True),
        Start(NOW - 2003, "order", True),
    ]
    orders = [(NOW - 5004, "cron"), (NOW - 4004, "cron"), (NOW - 2005, "a"), (NOW - 2004, "b")]
    found, asked = host(log, told, orders)
    assert [why for _at, why in found.moments] == [
        "order: cron",
        "crash",
        "somebody beside systemd",
        "order: a, b",
    ]
    assert asked == [SINCE]


def test_a_log_that_does_not_tell(host):
    found, _asked = host([], [Start(NOW - 9, "x"), Start(NOW - 5, "y")], whole=False)
    assert (found.source, found.whole) == ("journal", False)
    assert [why for _at, why in found.moments] == ["x", "y"]
    assert found.shown()["last_day"] == 2


@pytest.mark.parametrize(("systemd", "ours"), [(False, False), (False, True), (True, False)])
def test_nobody_who_tells(host, systemd, ours):
    found, asked = host([], [], whole=False, systemd=systemd, ours=ours)
    assert found.shown()["last_day"] is None
    assert found.warning() == ""
    assert asked == ([] if not ours or not systemd else [SINCE])


def test_a_host_without_systemd(host):
    found, _asked = host([NOW - 9, NOW - 5], systemd=False)
    assert [why for _at, why in found.moments] == ["", ""]


def test_only_the_last_are_shown(host):
    log = [NOW - 100 * number for number in reversed(range(30))]
    found, _asked = host(log, whole=False)
    assert (found.shown()["last_day"], found.shown()["at_least"]) == (30, True)
    assert len(found.shown()["starts"]) == _starts.MOST_SHOWN
    assert found.shown()["starts"][-1]["at"] == NOW
    assert "at least 30 times" in found.warning()


def starts(*moments, why="order: cron of root (/x)"):
    return _starts.Starts(tuple((float(moment), why) for moment in moments), True, "log")


def test_what_looks_like_a_watchdog():
    assert starts(*range(0, 1500, 300)).warning() == ""
    warning = starts(*range(0, 1800, 300)).warning()
    assert "started 6 times in the last day, about every 5 minutes" in warning
    assert "6 of them: order: cron of root (/x)." in warning
    assert "liveness, never an application: docs/automation.md" in warning
    assert "about every" not in starts(0, 10, 2000, 2100, 9000, 9500).warning()


def test_starts_without_a_reason():
    assert "of them" not in starts(*range(0, 1800, 300), why="").warning()
