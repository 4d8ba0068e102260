from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    ADMIN,
    OPEN,
    error_of,
    left_over,
)


def test_the_first_admin_is_made(run, carry_out, ams):
    ams.users.clear()
    made = run({"admin": ADMIN})
    assert (made.done.unclaimed, made.claims, made.changed, made.way.name) == (
        True,
        True,
        True,
        "none",
    )
    made = carry_out({"admin": ADMIN})
    assert (ams.claimed, made.done.unclaimed, made.done.claim_fault) == (True, False, None)
    assert not run({"admin": ADMIN}).changed


def test_the_first_admin_of_a_server_that_was_down(carry_out, ams):
    ams.users.clear()
    ams.stop()
    made = carry_out({"admin": ADMIN}, dashboard_cidrs=["127.0.0.1"])
    assert (ams.claimed, made.done.unclaimed) == (True, False)


def test_the_first_admin_is_made_before_anything_is_asked_of_a_started_server(
    carry_out, ams, web, fake
):
    ams.users.clear()
    ams.stop()
    del web.requests[:]
    made = carry_out({"admin": ADMIN}, **OPEN, dashboard_cidrs=["127.0.0.1"])
    assert (made.done.starts, made.done.unclaimed) == (1, False)
    paths = web.paths()
    assert paths.index("POST /rest/v2/users/initial") < 3
    assert "POST /rest/v2/users/authenticate" not in paths[:3]
    assert ams.log_ins == 0
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True


def test_the_first_admin_of_a_server_that_says_late_that_there_is_none(carry_out, ams, monkeypatch):
    ams.users.clear()
    ams.stop()
    said, real = [], ams._get_first_login_status

    def late(request):
        said.append(request)
        return real(request) if len(said) > 2 else (503, b"")

    monkeypatch.setattr(ams, "_get_first_login_status", late)
    made = carry_out({"admin": ADMIN}, **OPEN)
    assert (made.done.starts, made.done.unclaimed, ams.claimed) == (1, False, True)


@pytest.mark.parametrize("running", [True, False])
def test_a_first_admin_who_is_refused(carry_out, ams, home, running):
    ams.users.clear()
    if not running:
        ams.stop()
    error = error_of(
        carry_out,
        {"admin": dict(ADMIN, email="refused@example.net")},
        dashboard_cidrs=["127.0.0.1"],
    )
    assert str(error) == (
        "the first admin account could not be created (HTTP 200); everything else is in force, and"
        " until there is an admin, whoever reaches the panel first becomes the admin"
    )
    assert (ams.started, ams.log_ins, ams.dashboard) == (1, 0, "127.0.0.1")
    assert left_over(home) == []


@pytest.mark.parametrize("running", [True, False])
def test_a_wrong_password_is_tried_once(carry_out, run, ams, running):
    if not running:
        ams.stop()
    wrong = {"admin": dict(ADMIN, password="mistyped")}
    made = carry_out(wrong, **OPEN)
    assert (made.way.name, made.done.starts, ams.log_ins) == ("restart", 1, 1)
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    error = error_of(run, dict(wrong, mode="live"), app_defaults={"rest_jwt": False})
    assert "the running server cannot be asked: the admin account was refused (HTTP 200)" in str(
        error
    )


def test_nobody_is_made_admin_unasked(run, carry_out, ams):
    carry_out()
    ams.users.clear()
    made = run()
    assert (made.done.unclaimed, made.claims, made.changed) == (True, False, False)
