from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import restart as _restart
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    guard as _guard,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
    service as _service,
    transaction as _transaction,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import unseen as _unseen
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    ADMIN,
    APPS,
    BAD,
    OPEN,
    bad_port,
    effective,
    error_of,
    left_over,
)

# --- starts that fail ---


def test_a_start_that_fails_is_rolled_back(carry_out, ams, home, fake):
    before = fake.snapshot(home / "conf")
    ams.trouble = bad_port
    secrets = {"management": fake.SECRETS["management"]}
    error = error_of(carry_out, management_jwt=True, secrets=secrets, **BAD)
    assert str(error) == (
        "the server ended by itself; it does so, without an error code, when conf/red5.properties"
        " has a value it cannot read; the previous files were put back and the server runs with"
        " them"
    )
    assert error.lines == [
        "2026-01-02 03:04:05,1 [main] ERROR x - cannot start with (secret)",
    ]
    assert fake.snapshot(home / "conf") == before
    assert ams.process
    assert ams.started == 2


def test_a_start_that_fails_and_does_not_work_as_before_either(carry_out, ams, home):
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    error = error_of(carry_out, **BAD)
    assert "the previous files were put back, but the server does not come up with them" in str(
        error
    )
    assert effective(home, "", "server.cpu_limit") == "75"


def test_a_start_after_which_the_server_is_not_seen(carry_out, ams, home, monkeypatch):
    """As one in a container, which was stopped: it has to read the previous files, too."""
    ams.stop()
    ams.started = ams.stopped = 0
    runs = {("127.0.0.1", ams.web.port)}
    monkeypatch.setattr(_process, "find", lambda home: None)
    monkeypatch.setattr(
        _unseen, "reached", lambda places: runs if ams.started > ams.stopped else set()
    )
    error = error_of(carry_out, dashboard_cidrs=["127.0.0.1"])
    assert str(error).startswith(f"the server was started: port {ams.web.port} (http.port) is held")
    assert "the previous files were put back, but the server does not come up with them" in str(
        error
    )
    assert (ams.started, ams.stopped) == (2, 1)
    assert ams.dashboard == effective(home, "", "server.allowed_dashboard_CIDR") == "0.0.0.0/0"


def test_a_start_that_fails_with_nothing_to_put_back(carry_out, ams, manageable):
    ams.memory["events"]["ipFilterEnabled"] = False
    path = ams.home / "webapps" / "events" / "WEB-INF" / "red5-web.properties"
    path.write_bytes(path.read_bytes() + b"\nipFilterEnabled=true\n")
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    error = error_of(carry_out, {"mode": "restart"}, **manageable)
    assert "no file was changed, so there is nothing to put back" in str(error)


def test_a_deferred_change_that_fails_goes_back_to_what_the_server_ran_with(carry_out, ams, home):
    carry_out({"mode": "defer"}, **BAD)
    ams.trouble = bad_port
    error = error_of(carry_out, **BAD)
    assert "the previous files were put back and the server runs with them" in str(error)
    assert effective(home, "", "server.cpu_limit") == "75"
    assert left_over(home) == []


def test_an_application_that_does_not_come_up(carry_out, ams, home):
    ams.silent = ["events"]
    error = error_of(carry_out, dashboard_cidrs=["127.0.0.1"])
    assert "application events has not started after" in str(error)


def test_an_application_that_does_not_answer(carry_out, ams, monkeypatch):
    real = ams._of_app
    monkeypatch.setattr(
        ams, "_of_app", lambda *args: (500, b"") if ams.started == 1 else real(*args)
    )
    error = error_of(carry_out, dashboard_cidrs=["127.0.0.1"])
    assert "answers HTTP 500 to a request that its settings let in; the previous files" in str(
        error
    )


def test_a_service_manager_that_refuses(carry_out, ams, monkeypatch):
    def refuse(_self):
        raise _service.ServiceError("systemctl ended with 1: no")

    monkeypatch.setattr(_service.Service, "stop", refuse)
    error = error_of(carry_out, dashboard_cidrs=["127.0.0.1"])
    assert "systemctl ended with 1: no; the previous files were put back, but" in str(error)


def test_files_that_cannot_be_put_back(carry_out, ams, monkeypatch):
    def refuse(paths):
        raise _transaction.TransactionError("/x", "could not be put back", restored=False)

    ams.trouble = bad_port
    monkeypatch.setattr(_transaction, "put_back", refuse)
    assert str(error_of(carry_out, **BAD)).endswith("/x: could not be put back")


# --- starts that come up open ---


def test_an_open_start_is_healed_live(carry_out, ams, manageable):
    ams.open_starts = 1
    made = carry_out({"mode": "restart"}, **OPEN, **manageable)
    assert made.done.healed == list(APPS)
    assert ams.started == 1
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True


def test_an_open_start_is_healed_by_another_where_nobody_can_ask(carry_out, ams):
    ams.open_starts = 1
    made = carry_out(**OPEN)
    assert made.done.healed == list(APPS)
    assert (made.done.starts, ams.started) == (2, 2)


def test_the_last_start_of_all_is_a_good_one(carry_out, ams):
    ams.open_starts = 2
    assert carry_out(**OPEN).done.starts == 3


def test_starts_that_come_up_open_again_and_again(carry_out, ams):
    ams.open_starts = 9
    error = error_of(carry_out, **OPEN)
    assert "application LiveApp came up with its security off 3 times in a row" in str(error)


def test_an_open_start_that_cannot_be_healed(carry_out, ams, manageable, monkeypatch):
    ams.open_starts, ams.deaf = 1, ["events"]
    error = error_of(carry_out, {"mode": "restart"}, **OPEN, **manageable)
    assert (
        "application events does not hold jwtControlEnabled, jwtSecretKey as its file says"
        in str(error)
    )


def test_the_start_after_a_rollback_is_looked_at_too(carry_out, ams, manageable, home):
    carry_out(**OPEN, **manageable)
    ams.started = 0
    ams.trouble = bad_port
    ams.open_starts = 1
    real = ams.start

    def start():
        real()
        if ams.started == 1:
            ams.open_starts = 1

    ams.start = start
    error_of(carry_out, **BAD, **OPEN, **manageable)
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True


# --- secrets in the server's lines ---


def test_every_secret_of_the_host_is_blanked_out(run, ams, home, fake):
    path = home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties"
    path.write_bytes(path.read_bytes() + b"of-the-database\njwtStreamSecretKey=of-the-streams\n")
    made = run(
        {"admin": ADMIN},
        management_jwt=True,
        secrets={"management": fake.SECRETS["management"]},
    )
    assert _restart.secrets_of(made.seen.installation, made.plan, ADMIN) == {
        "of-the-database",
        "of-the-streams",
        fake.SECRETS["management"],
        ADMIN["password"],
    }


def test_nothing_shows_a_secret(run, fake):
    made = run(management_jwt=True, secrets={"management": fake.SECRETS["management"]})
    told = repr(
        (made.plan, made.transaction, made.way.name, [*made.way.reasons], made.seen.installation)
    )
    assert fake.SECRETS["management"] not in told
    assert fake.SECRETS["rest"] not in told


def test_nobody_is_let_in_and_that_is_meant(carry_out, ams, home):
    """Nobody can ask such a server: it is proved by its log."""
    path = _installation.app_path(str(home), "events")
    with open(path, "ab") as stream:
        stream.write(b"\nremoteAllowedCIDR=\n")

    made = carry_out({"live_streams": "drop"}, dashboard_cidrs="deny_all", allow_lockout=True)
    assert made.done.starts == 1
    assert effective(home, "", "server.allowed_dashboard_CIDR") == ""
    assert [text.partition(" lets nobody in")[0] for text in made.done.warnings] == [
        "the web panel",
        "application events",
    ]


# --- a boot guard ---


@pytest.fixture
def guarding(monkeypatch):
    """A guard that has closed the ports, which a run can open; what was done to it."""
    done = []

    def release(_home):
        done.append("release")

    monkeypatch.setattr(_guard, "release", release)
    monkeypatch.setattr(_guard, "closed", lambda home: not done)
    return done


def test_a_proved_server_is_open(carry_out, guarding):
    carry_out(dashboard_cidrs=["127.0.0.1"], app_defaults={"rest_jwt": True})
    assert guarding == ["release"]


def test_a_server_that_nobody_can_ask_is_no_success_behind_closed_ports(carry_out, guarding):
    error = error_of(carry_out, dashboard_cidrs=["127.0.0.1"])
    assert str(error) == (
        "the server runs, but the boot guard keeps it closed: nobody can ask what application"
        " LiveApp holds: the server takes no management token"
    )
    assert guarding == []


def test_nobody_can_ask_and_there_is_no_guard(carry_out, guarding, monkeypatch):
    monkeypatch.setattr(_guard, "closed", lambda home: False)
    assert carry_out(dashboard_cidrs=["127.0.0.1"]).done.starts == 1


def test_put_back_behind_closed_ports(carry_out, guarding, ams):
    ams.trouble = lambda found: (
        ["ERROR no"] if found.effective("", "http.host") == "192.0.2.1" else None
    )
    error = error_of(carry_out, server_settings={"http.host": "192.0.2.1"})
    assert "the server runs with them, but the boot guard keeps it closed: nobody" in str(error)
