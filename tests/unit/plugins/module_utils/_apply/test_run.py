from __future__ import annotations

import errno
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import (
    live as _live,
    restart as _restart,
    seen as _seen,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import (
    ApplyError,
    Busy,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    leftovers as _leftovers,
    service as _service,
    transaction as _transaction,
    window as _window,
)
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    ADMIN,
    BAD,
    OPEN,
    bad_port,
    effective,
    error_of,
    left_over,
)

# --- runs that were killed ---


def killed(run, monkeypatch, **policy):
    """A run that ends for good once its files are in place."""

    def die(_self, *_arguments):
        raise KeyboardInterrupt

    made = run(**policy)
    made.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(_restart.Restart, "carry_out", die)
        patch.setattr(_live.Live, "carry_out", die)
        with pytest.raises(KeyboardInterrupt):
            made.put_in_force()


def test_a_killed_run_is_finished_by_a_restart(run, carry_out, ams, home, monkeypatch):
    killed(run, monkeypatch, dashboard_cidrs=["127.0.0.1"])
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, [*made.way.reasons]) == ("restart", [_seen.UNFINISHED])
    assert ams.dashboard == "127.0.0.1"
    assert left_over(home) == []


def test_a_run_killed_between_stop_and_start_is_finished(run, carry_out, ams, home, monkeypatch):
    killed(run, monkeypatch, dashboard_cidrs=["127.0.0.1"])
    ams.stop()
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, [*made.way.reasons]) == ("restart", [_seen.UNFINISHED])
    assert ams.process


@pytest.mark.parametrize("call", ["stop", "start"])
def test_a_restart_of_unchanged_files_killed_half_way(
    run, carry_out, ams, home, monkeypatch, manageable, call
):
    carry_out(**OPEN, **manageable)
    ams.memory["LiveApp"]["jwtControlEnabled"] = False
    made = run({"mode": "restart"}, **OPEN, **manageable)
    made.prepare()
    with monkeypatch.context() as patch:

        def die(_self):
            ams.stop()
            raise KeyboardInterrupt

        patch.setattr(_service.Service, call, die)
        with pytest.raises(KeyboardInterrupt):
            made.put_in_force()
    assert not ams.process
    made = carry_out(**OPEN, **manageable)
    assert (made.way.name, [*made.way.reasons], made.done.starts) == (
        "restart",
        [_seen.UNFINISHED],
        1,
    )
    assert left_over(home) == []


def test_a_server_that_ran_and_does_not_start_is_tried_again(run, carry_out, ams, home):
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    error_of(carry_out, **BAD)
    ams.trouble = lambda found: None
    assert ([*carry_out().way.reasons], left_over(home)) == ([_seen.UNFINISHED], [])
    assert ams.process
    ams.stop()
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    error_of(carry_out, **BAD)
    assert (run().way.name, left_over(home)) == ("none", [])


def test_a_restart_killed_when_the_server_was_started(run, carry_out, ams, home):
    _leftovers.stopping([str(home / "conf" / "red5.properties")])
    assert (run().way.name, run().changed) == ("none", True)
    carry_out()
    assert (left_over(home), ams.started) == ([], 0)
    assert not run().changed


def test_what_a_killed_run_prepared_is_removed(run, carry_out, home):
    """It holds secrets."""
    carry_out({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"])
    path = home / "conf" / (".red5.properties" + _leftovers.NEW)
    for options in ({"mode": "defer"}, {}):
        path.write_bytes(b"x")
        assert run(options, dashboard_cidrs=["127.0.0.1"]).changed
        carry_out(options, dashboard_cidrs=["127.0.0.1"])
        assert not path.exists()
    path.write_bytes(b"x")
    made = run(dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, made.changed) == ("none", True)


def test_a_killed_live_run_is_finished_live(run, carry_out, ams, home, monkeypatch, manageable):
    policy = {"apps": {"events": {"settings": {"hlsTime": 9}}}, **manageable}
    killed(run, monkeypatch, **policy)
    assert ams.memory["events"]["hlsTime"] == "2"
    made = carry_out(**policy)
    assert (made.way.name, made.seen.drift, made.done.healed) == (
        "live",
        {"events": ["hlsTime"]},
        ["events"],
    )
    assert ams.memory["events"]["hlsTime"] == "9"
    assert left_over(home) == []


def test_a_live_run_killed_when_all_was_done(run, carry_out, ams, home, monkeypatch, manageable):
    policy = {"apps": {"events": {"settings": {"hlsTime": 9}}}, **manageable}
    killed(run, monkeypatch, **policy)
    ams.memory["events"]["hlsTime"] = "9"
    made = run(**policy)
    assert (made.way.name, made.changed) == ("none", True)  # the old files are to go
    made.prepare()
    made.put_in_force()
    assert ams.started == 0
    assert left_over(home) == []


def test_old_files_from_before_the_servers_start_are_no_way_back(
    run, carry_out, ams, home, monkeypatch
):
    """Somebody has restarted it meanwhile: what it runs with is what to go back to."""
    killed(run, monkeypatch, dashboard_cidrs=["127.0.0.1"])
    time.sleep(0.05)
    ams.stop()
    ams.start()
    ams.trouble = lambda found: (
        ["ERROR no"] if found.effective("", "http.host") == "192.0.2.1" else None
    )
    error = error_of(
        carry_out, dashboard_cidrs=["127.0.0.1"], server_settings={"http.host": "192.0.2.1"}
    )
    assert "the previous files were put back and the server runs with them" in str(error)
    assert effective(home, "", "server.allowed_dashboard_CIDR") == "127.0.0.1"


# --- whether the host is other than it was ---


def altered(made):
    with pytest.raises(ApplyError):
        made.put_in_force()
    return made.done.altered


def test_a_host_that_is_as_it_was(run, ams, manageable):
    made = run(**BAD)
    made.prepare()
    ams.trouble = bad_port
    assert not altered(made)
    ams.refusing = {"events": 1}
    made = run(**OPEN, **manageable)
    made.prepare()
    assert not altered(made)


def test_a_host_that_is_not(run, ams, manageable, monkeypatch):
    made = run(**OPEN, **manageable)
    made.prepare()
    ams.refusing = {"events": 9}
    assert altered(made)
    ams.refusing = {}
    made = run({"admin": dict(ADMIN, email="refused@example.net")}, dashboard_cidrs=["127.0.0.1"])
    made.prepare()
    ams.users.clear()
    assert altered(made)
    made = run(**BAD)
    made.prepare()
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    assert altered(made)


# --- files that cannot be written ---


def test_nothing_is_changed_when_a_file_cannot_be_prepared(run, home, fake):
    made = run(dashboard_cidrs=["127.0.0.1"])
    path = home / "conf" / "red5.properties"
    path.write_bytes(path.read_bytes() + b"# by somebody\n")
    before = fake.snapshot(home)
    error = error_of(made.prepare)
    assert str(error) == (
        f"{path}: was changed by somebody else meanwhile; run again; nothing was changed"
    )
    assert fake.snapshot(home) == before


@pytest.mark.parametrize(
    ("restored", "state"), [(True, "nothing was changed"), (False, "other files were changed")]
)
def test_what_is_changed_when_a_file_cannot_be_replaced(run, monkeypatch, restored, state):
    def refuse(_self):
        raise _transaction.TransactionError("/x", "no", restored=restored)

    made = run(dashboard_cidrs=["127.0.0.1"])
    made.prepare()
    monkeypatch.setattr(_transaction.Transaction, "commit", refuse)
    assert str(error_of(made.put_in_force)) == f"/x: no; {state}"
    assert made.done.altered is not restored


def test_old_files_that_cannot_be_removed(run, home, fake, monkeypatch):
    def refuse(paths):
        raise OSError(errno.EROFS, "Read-only file system")

    made = run(dashboard_cidrs=["127.0.0.1"])
    before = fake.snapshot(home)
    made.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(_leftovers, "forget_old", refuse)
        assert str(error_of(made.put_in_force)).endswith(
            "Read-only file system; nothing was changed"
        )
    assert fake.snapshot(home) == before
    made.prepare()
    monkeypatch.setattr(_leftovers, "clean", lambda paths, old: refuse(paths))
    assert str(error_of(made.put_in_force)).startswith(
        "all is as it should be, except for what was left beside the files: "
    )
    assert made.done.altered


# --- people on air ---


@pytest.fixture
def on_air(ams):
    ams.streams["events"] = [
        {"streamId": "s1", "status": "broadcasting", "hlsViewerCount": 3},
    ]
    return ams


def test_nobody_is_thrown_off_air(run, on_air):
    made = run(dashboard_cidrs=["127.0.0.1"])
    with pytest.raises(Busy, match=r"events: 1 publisher \(s1\), 3 viewers") as caught:
        made.refuse_restart()
    assert [audience.app for audience in caught.value.audiences] == ["events"]
    with pytest.raises(Busy):
        run({"live_streams": "drain"}, dashboard_cidrs=["127.0.0.1"]).refuse_restart()


def test_somebody_is_if_that_is_said(run, on_air):
    made = run({"live_streams": "drop"}, dashboard_cidrs=["127.0.0.1"])
    made.refuse_restart()
    assert [audience.viewers for audience in made.done.audience] == [3]


def test_nobody_is_asked_where_no_restart_is_done(run, on_air, carry_out):
    run({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"]).refuse_restart()
    run(manager="none", dashboard_cidrs=["127.0.0.1"]).refuse_restart()
    on_air.stop()
    run(dashboard_cidrs=["127.0.0.1"]).refuse_restart()


def test_a_live_change_throws_nobody_off_air(carry_out, manageable, ams):
    ams.streams["events"] = [{"streamId": "s1", "status": "broadcasting"}]
    made = carry_out(app_defaults={"rest_jwt": True}, **manageable)
    assert (made.way.name, made.done.audience) == ("live", [])


def test_outside_the_maintenance_window(run, monkeypatch):
    now = time.localtime()
    hour = (now.tm_hour + 2) % 24
    closed = _window.Window(f"{hour:02d}:00-{hour:02d}:30")
    error = error_of(run({"window": closed}, dashboard_cidrs=["127.0.0.1"]).refuse_restart)
    assert str(error).startswith("a restart is needed for server.allowed_dashboard_CIDR, and ")
    assert str(error).endswith(
        f"is outside the maintenance window {closed.text}; nothing was changed"
    )
    run({"window": _window.Window("00:00-24:00")}, dashboard_cidrs=["127.0.0.1"]).refuse_restart()
