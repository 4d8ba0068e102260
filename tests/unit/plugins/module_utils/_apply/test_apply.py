from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import apply as _apply
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    files as _files,
    program as _program,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    service as _service,
    transaction as _transaction,
    window as _window,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    plan as _plan,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    heal as _heal,
    management as _management,
)

ADMIN = {"email": "admin@example.net", "password": "a password that is nobody's"}
APPS = ("LiveApp", "events")


@pytest.fixture(autouse=True)
def _needs_the_server(ams):
    """All of it is about a running server, or one that does not."""


@pytest.fixture
def run(home, fake):
    """A run of a policy given as keywords; `options` are those of Apply."""

    def make(options=None, manager="command", **policy):
        found = _installation.observe(str(home))
        policy.setdefault("secrets", {}).setdefault("app_defaults", {"rest": fake.SECRETS["rest"]})
        plan = _plan.make_plan(found, _compile.compile_policy(policy, found))
        service = _service.Service(str(home), manager, {"start": "", "stop": ""})
        return _apply.Apply(found, plan, service, ready_timeout=0.3, **(options or {}))

    return make


@pytest.fixture
def carry_out(run):
    """The same, carried out."""

    def work(*arguments, **options):
        made = run(*arguments, **options)
        made.guard()
        if made.changed:
            made.prepare()
            made.run()
        return made

    return work


@pytest.fixture
def manageable(carry_out, ams, fake):
    """The server takes management tokens from now on; further keywords for policies."""
    policy = {"management_jwt": True, "secrets": {"management": fake.SECRETS["management"]}}
    carry_out(**policy)
    ams.started = ams.stopped = 0
    return policy


def effective(home, app, name):
    return _installation.observe(str(home)).effective(app, name)


def left_over(home):
    return sorted(path.name for path in home.rglob(".*streamward*"))


def error_of(work, *arguments, **options):
    with pytest.raises(_apply.ApplyError) as caught:
        work(*arguments, **options)
    return caught.value


# --- the way ---


def test_nothing_to_do(run, carry_out):
    carry_out(dashboard_cidrs=["127.0.0.1"], app_defaults={"rest_jwt": True})
    made = run(dashboard_cidrs=["127.0.0.1"], app_defaults={"rest_jwt": True})
    assert (made.way, made.why, made.changed, made.restart_required) == ("none", [], False, False)
    assert made.plan == _plan.Plan((), ())


def test_by_restart(carry_out, ams, home):
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.why) == ("restart", ["server.allowed_dashboard_CIDR"])
    assert (made.starts, ams.started, ams.stopped) == (1, 1, 1)
    assert ams.dashboard == "127.0.0.1"
    assert made.ready_seconds is not None
    assert abs(made.switched_at - time.time()) < 10
    assert left_over(home) == []


def test_changes_that_could_go_live_but_nobody_can_ask(carry_out, ams):
    made = carry_out(app_defaults={"rest_jwt": True})
    assert (made.way, made.why) == ("restart", ["jwtControlEnabled", "jwtSecretKey"])
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True


def test_live(manageable, carry_out, ams, home):
    made = carry_out(
        app_defaults={"rest_jwt": True, "settings": {"customSettings": {"a": 1}}}, **manageable
    )
    assert (made.way, made.why, made.starts, made.healed) == ("live", [], 0, [])
    assert (ams.started, ams.stopped) == (0, 0)
    for app in APPS:
        assert ams.memory[app]["jwtControlEnabled"] is True
        assert ams.memory[app]["customSettings"] == {"a": 1}
    # The file is as it was planned, comments and all, not as the server rewrote it.
    text = (home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties").read_text()
    assert "# period in milliseconds" in text
    assert left_over(home) == []
    assert abs(made.switched_at - time.time()) < 10


def test_live_leaves_alone_whom_it_does_not_concern(manageable, carry_out, ams, web):
    del web.requests[:]
    carry_out(apps={"events": {"rest_jwt": True}}, **manageable)
    assert [path for path in web.paths() if "POST" in path] == [
        "POST /rest/v2/applications/settings/events"
    ]


def test_restart_where_that_is_wished(manageable, run):
    made = run({"mode": "restart"}, app_defaults={"rest_jwt": True}, **manageable)
    assert (made.way, made.why) == ("restart", ["jwtControlEnabled", "jwtSecretKey"])


def test_live_only_and_a_restart_is_needed(run, fake, home):
    before = fake.snapshot(home / "conf")
    error = error_of(run, {"mode": "live"}, dashboard_cidrs=["127.0.0.1"])
    assert str(error) == (
        "antmedia_apply: live: a restart would be needed for server.allowed_dashboard_CIDR;"
        " nothing was changed"
    )
    assert fake.snapshot(home / "conf") == before


@pytest.mark.parametrize("case", ["no access", "stopped", "silent"])
def test_live_only_and_nobody_to_post_to(run, ams, manageable, case):
    policy, reason = dict(manageable), "its management API does not answer"
    if case == "stopped":
        ams.stop()
        reason = "it does not run"
    elif case == "silent":
        ams.memory = {}
    else:
        ams.home.joinpath("conf", "red5.properties").write_bytes(
            ams.home.joinpath("conf", "red5.properties")
            .read_bytes()
            .replace(b"jwtServerControlEnabled=true", b"jwtServerControlEnabled=false")
        )
        policy = {}
        reason = "there is neither a management JWT nor antmedia_secrets.admin"
    error = error_of(run, {"mode": "live"}, app_defaults={"rest_jwt": True}, **policy)
    assert str(error) == (
        f"antmedia_apply: live: the running server cannot be asked: {reason}; nothing was changed"
    )


def test_by_an_admin_account(carry_out, ams):
    made = carry_out({"admin": ADMIN}, app_defaults={"rest_jwt": True})
    assert made.way == "live"
    assert ams.memory["events"]["jwtControlEnabled"] is True


def test_deferred(carry_out, run, ams, home):
    made = carry_out({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.restart_required, made.starts) == ("defer", True, 0)
    assert effective(home, "", "server.allowed_dashboard_CIDR") == "127.0.0.1"
    assert ams.dashboard == "0.0.0.0/0"
    made = run({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.changed, made.restart_required) == ("defer", False, True)
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.why, made.changed) == ("restart", [_apply.UNFINISHED], True)
    assert ams.dashboard == "127.0.0.1"
    assert left_over(home) == []


def test_what_waits_is_told_when_all_of_it_could_go_live(carry_out, run, home, manageable, ams):
    made = carry_out({"mode": "defer"}, **OPEN, **manageable)
    assert (made.way, made.why) == ("defer", ["jwtControlEnabled", "jwtSecretKey"])
    path = home / "webapps" / "events" / "WEB-INF" / ".red5-web.properties.streamward-old"
    assert path.stat().st_mode & 0o007 == 0  # with secrets that are still in force
    made = run({"mode": "defer"}, **OPEN, **manageable)
    assert (made.why, made.changed) == (["what the running server holds differs"], False)


def test_without_a_service_manager(carry_out, run, ams, home):
    made = carry_out(manager="none", dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.changed, made.restart_required) == ("restart", True, True)
    assert ams.started == 0
    made = run(manager="none", dashboard_cidrs=["127.0.0.1"])
    assert (made.changed, made.restart_required) == (False, True)
    ams.stop()
    time.sleep(0.05)
    ams.start()
    made = carry_out(manager="none", dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.restart_required) == ("none", False)
    assert left_over(home) == []


def test_a_stopped_server_is_started(carry_out, ams):
    ams.stop()
    ams.stopped = 0
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.starts, ams.stopped) == ("restart", 1, 0)
    assert ams.process


def test_a_stopped_server_stays_stopped_when_nothing_changes(run, carry_out, ams):
    carry_out(dashboard_cidrs=["127.0.0.1"])
    ams.stop()
    made = run(dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.changed) == ("none", False)


def test_a_server_that_still_starts(run, ams, monkeypatch):
    ams.process = dataclasses.replace(ams.process, started=time.time())
    ams.log.write_text("")
    error = error_of(run, dashboard_cidrs=["127.0.0.1"])
    assert str(error) == "the server is starting and does not get ready; nothing was changed"


def test_an_environment_that_overrules_the_files(run, ams):
    ams.environ["jwtSecretKey"] = "x"
    error = error_of(run, app_defaults={"rest_jwt": True})
    assert str(error) == (
        "the server's environment has jwtSecretKey, which overrules the files of all applications;"
        " take it out of the unit and its drop-ins; nothing was changed"
    )
    assert run(dashboard_cidrs=["127.0.0.1"]).way == "restart"


# --- nodes of a cluster ---


@pytest.fixture
def cluster(home, carry_out, manageable):
    (home / "conf" / "jee-container.xml").write_text('<bean id="tomcat.cluster" />')
    return manageable


def test_a_node_of_a_cluster_takes_settings_live_only(cluster, run):
    assert run(app_defaults={"rest_jwt": True}, **cluster).way == "live"
    assert run(dashboard_cidrs=["127.0.0.1"], **cluster).way == "restart"
    error = error_of(run, app_defaults={"rest_jwt": True}, dashboard_cidrs="any", **cluster)
    assert "in a run of their own, without a change that needs a restart" in str(error)


def test_a_node_of_a_cluster_that_cannot_be_asked(cluster, run, ams):
    ams.stop()
    error = error_of(run, app_defaults={"rest_jwt": True}, **cluster)
    assert "have to be posted to the running server, but it does not run" in str(error)


# --- what the server holds ---


def test_memory_that_drifted_is_healed_live(manageable, carry_out, run, ams):
    carry_out(app_defaults={"rest_jwt": True}, **manageable)
    ams.memory["LiveApp"]["jwtControlEnabled"] = False
    made = carry_out(app_defaults={"rest_jwt": True}, **manageable)
    assert (made.way, made.changed, made.plan.files) == ("live", True, ())
    assert made.drift == {"LiveApp": ["jwtControlEnabled"]}
    assert made.healed == ["LiveApp"]
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    assert not run(app_defaults={"rest_jwt": True}, **manageable).changed


def test_what_the_policy_names_is_healed_whatever_it_decides(manageable, carry_out, run, ams):
    policy = {"app_defaults": {"settings": {"hlsTime": 9}}, **manageable}
    carry_out(**policy)
    ams.memory["LiveApp"]["hlsTime"] = "2"
    ams.memory["LiveApp"]["gopSize"] = 5  # of which the policy says nothing
    assert run(**manageable).way == "none"
    made = carry_out(**policy)
    assert (made.way, made.drift) == ("live", {"LiveApp": ["hlsTime"]})
    assert ams.memory["LiveApp"]["hlsTime"] == "9"
    assert not run(**policy).changed


def test_what_should_hold_by_default_is_healed_too(manageable, carry_out, run, ams):
    ams.memory["LiveApp"]["jwtControlEnabled"] = True
    policy = {"app_defaults": {"rest_jwt": False}, **manageable}
    made = carry_out(**policy)
    assert (made.way, made.drift) == ("live", {"LiveApp": ["jwtControlEnabled"]})
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is False
    assert not run(**policy).changed


def test_what_the_policy_names_of_the_server_needs_a_restart(manageable, carry_out, run, ams):
    policy = {"server_settings": {"server.heartbeatEnabled": False}, **manageable}
    carry_out(**policy)
    ams.server["heartbeatEnabled"] = True
    assert run(**manageable).way == "none"
    made = carry_out(**policy)
    assert (made.way, made.why) == ("restart", ["server.heartbeatEnabled"])
    assert not run(**policy).changed


def test_a_start_that_came_up_with_defaults_only_is_healed(manageable, carry_out, run, ams):
    """Nothing that decides access differs."""
    policy = {"app_defaults": {"settings": {"hlsTime": 9}}, **manageable}
    ams.open_starts = 1
    made = carry_out({"mode": "restart"}, **policy)
    assert (made.healed, made.starts) == (list(APPS), 1)
    assert ams.memory["LiveApp"]["hlsTime"] == "9"
    assert not run(**policy).changed


def test_a_named_setting_that_is_posted_and_not_held(carry_out, ams, manageable):
    ams.deaf = ["events"]
    error = error_of(carry_out, apps={"events": {"settings": {"hlsTime": 9}}}, **manageable)
    assert str(error).startswith("application events does not hold hlsTime after it was posted")


def test_memory_that_drifted_is_healed_by_a_restart_where_that_is_wished(manageable, run, ams):
    policy = {"app_defaults": {"rest_jwt": False}, **manageable}
    run({"mode": "auto"}, **policy)
    ams.memory["LiveApp"]["ipFilterEnabled"] = False
    path = ams.home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties"
    path.write_bytes(path.read_bytes() + b"\nipFilterEnabled=true\n")
    made = run({"mode": "restart"}, **manageable)
    assert (made.way, made.why) == ("restart", ["what the running server holds differs"])


def test_settings_of_the_server_that_it_has_not_read(manageable, run, ams, home):
    path = home / "conf" / "red5.properties"
    text = path.read_bytes()
    path.write_bytes(text.replace(b"CIDR=0.0.0.0/0", b"CIDR=127.0.0.1"))
    made = run(**manageable)
    assert (made.way, made.why) == ("restart", ["server.allowed_dashboard_CIDR"])


def test_a_management_secret_that_the_server_does_not_know(manageable, run, ams, home):
    ams.secret = "another"
    made = run(**manageable)
    assert (made.way, made.why) == (
        "restart",
        ["the running server does not take this host's management secret"],
    )


def test_proxies_that_the_server_has_not_read(carry_out, run, ams, home):
    container = home / "conf" / "jee-container.xml"
    container.write_text(
        '<beans xmlns="http://www.springframework.org/schema/beans">'
        '<bean class="org.apache.catalina.valves.RemoteIpValve" /></beans>'
    )
    made = carry_out(trusted_proxies=["10.0.0.1"])
    assert (made.way, made.why) == ("restart", ["RemoteIpValve.internalProxies"])
    assert run(trusted_proxies=["10.0.0.1"]).way == "none"
    later = time.time() + 60
    os.utime(container, (later, later))
    made = run(trusted_proxies=["10.0.0.1"])
    assert made.why == ["conf/jee-container.xml is newer than the running server"]
    ams.stop()
    assert run(trusted_proxies=["10.0.0.1"]).way == "none"


def test_an_open_application_of_a_server_that_nobody_can_ask(carry_out, run, ams):
    carry_out(**OPEN)
    assert run(**OPEN).way == "none"
    ams.memory["LiveApp"]["jwtControlEnabled"] = False
    ams.streams["LiveApp"] = [{"streamId": "s1", "status": "broadcasting"}]
    made = run(**OPEN)
    assert (made.way, made.drift) == ("restart", {"LiveApp": ["jwtControlEnabled"]})
    assert made.why == ["what the running server holds differs"]
    with pytest.raises(_apply.Busy):
        made.guard()
    ams.streams.clear()
    assert carry_out(**OPEN).starts == 1
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    assert not run(**OPEN).changed


@pytest.mark.parametrize("answer", [(204, b""), (500, b"")])
def test_a_server_whose_management_api_answers_with_an_error(
    carry_out, run, ams, manageable, monkeypatch, answer
):
    carry_out(**OPEN, **manageable)
    monkeypatch.setattr(ams, "_get_applications_settings", lambda request: answer)
    made = run(**OPEN, **manageable)
    assert (made.way, made.changed) == ("none", False)
    assert made.warnings == [
        "what the running server holds was not compared with its files: its management API does"
        " not answer"
    ]
    ams.memory["LiveApp"]["jwtControlEnabled"] = False
    made = run(**OPEN, **manageable)
    assert (made.way, made.drift) == ("restart", {"LiveApp": ["jwtControlEnabled"]})


def test_what_cannot_be_compared_is_told(run, ams):
    said = "what the running server holds was not compared with its files: "
    assert run().warnings == [said + "there is neither a management JWT nor antmedia_secrets.admin"]
    wrong = {"admin": dict(ADMIN, password="mistyped")}
    assert run(wrong).warnings == [said + "the admin account was refused (HTTP 200)"]
    ams.users.clear()
    assert run({"admin": ADMIN}).warnings == [said + "nobody is the first admin of this server yet"]
    # A server that is restarted reads its files.
    assert run(dashboard_cidrs=["127.0.0.1"]).warnings == []
    assert len(run({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"]).warnings) == 1
    ams.stop()
    assert not any(said in text for text in run().warnings)


# --- runs that were killed ---


def killed(run, monkeypatch, **policy):
    """A run that ends for good once its files are in place."""

    def die(_self, *_arguments):
        raise KeyboardInterrupt

    made = run(**policy)
    made.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(_apply.Apply, "_restart", die)
        patch.setattr(_apply.Apply, "_live", die)
        with pytest.raises(KeyboardInterrupt):
            made.run()


def test_a_killed_run_is_finished_by_a_restart(run, carry_out, ams, home, monkeypatch):
    killed(run, monkeypatch, dashboard_cidrs=["127.0.0.1"])
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.why) == ("restart", [_apply.UNFINISHED])
    assert ams.dashboard == "127.0.0.1"
    assert left_over(home) == []


def test_a_run_killed_between_stop_and_start_is_finished(run, carry_out, ams, home, monkeypatch):
    killed(run, monkeypatch, dashboard_cidrs=["127.0.0.1"])
    ams.stop()
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.why) == ("restart", [_apply.UNFINISHED])
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
            made.run()
    assert not ams.process
    made = carry_out(**OPEN, **manageable)
    assert (made.way, made.why, made.starts) == ("restart", [_apply.UNFINISHED], 1)
    assert left_over(home) == []


def test_a_server_that_ran_and_does_not_start_is_tried_again(run, carry_out, ams, home):
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    error_of(carry_out, **BAD)
    ams.trouble = lambda found: None
    assert (carry_out().why, left_over(home)) == ([_apply.UNFINISHED], [])
    assert ams.process
    ams.stop()
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    error_of(carry_out, **BAD)
    assert (run().way, left_over(home)) == ("none", [])


def test_a_restart_killed_when_the_server_was_started(run, carry_out, ams, home):
    _transaction.stopping([str(home / "conf" / "red5.properties")])
    assert (run().way, run().changed) == ("none", True)
    carry_out()
    assert (left_over(home), ams.started) == ([], 0)
    assert not run().changed


def test_what_a_killed_run_prepared_is_removed(run, carry_out, home):
    """It holds secrets."""
    carry_out({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"])
    path = home / "conf" / (".red5.properties" + _transaction.NEW)
    for options in ({"mode": "defer"}, {}):
        path.write_bytes(b"x")
        assert run(options, dashboard_cidrs=["127.0.0.1"]).changed
        carry_out(options, dashboard_cidrs=["127.0.0.1"])
        assert not path.exists()
    path.write_bytes(b"x")
    made = run(dashboard_cidrs=["127.0.0.1"])
    assert (made.way, made.changed) == ("none", True)


def test_a_killed_live_run_is_finished_live(run, carry_out, ams, home, monkeypatch, manageable):
    policy = {"apps": {"events": {"settings": {"hlsTime": 9}}}, **manageable}
    killed(run, monkeypatch, **policy)
    assert ams.memory["events"]["hlsTime"] == "2"
    made = carry_out(**policy)
    assert (made.way, made.drift, made.healed) == ("live", {"events": ["hlsTime"]}, ["events"])
    assert ams.memory["events"]["hlsTime"] == "9"
    assert left_over(home) == []


def test_a_live_run_killed_when_all_was_done(run, carry_out, ams, home, monkeypatch, manageable):
    policy = {"apps": {"events": {"settings": {"hlsTime": 9}}}, **manageable}
    killed(run, monkeypatch, **policy)
    ams.memory["events"]["hlsTime"] = "9"
    made = run(**policy)
    assert (made.way, made.changed) == ("none", True)  # the old files are to go
    made.prepare()
    made.run()
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


# --- starts that fail ---


def bad_port(found):
    if found.effective("", "server.cpu_limit") == "1":
        return [
            "2026-01-02 03:04:05,1 [main] INFO x - fine",
            "2026-01-02 03:04:05,1 [main] ERROR x - cannot start with "
            + found.effective("", "server.jwtServerSecretKey"),
        ]
    return None


BAD = {"server_settings": {"server.cpu_limit": 1}}


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
    monkeypatch.setattr(_apply, "put_back", refuse)
    assert str(error_of(carry_out, **BAD)).endswith("/x: could not be put back")


# --- starts that come up open ---


OPEN = {"app_defaults": {"rest_jwt": True, "rest_cidrs": ["127.0.0.1"]}}


def test_an_open_start_is_healed_live(carry_out, ams, manageable):
    ams.open_starts = 1
    made = carry_out({"mode": "restart"}, **OPEN, **manageable)
    assert made.healed == list(APPS)
    assert ams.started == 1
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True


def test_an_open_start_is_healed_by_another_where_nobody_can_ask(carry_out, ams):
    ams.open_starts = 1
    made = carry_out(**OPEN)
    assert made.healed == list(APPS)
    assert (made.starts, ams.started) == (2, 2)


def test_the_last_start_of_all_is_a_good_one(carry_out, ams):
    ams.open_starts = 2
    assert carry_out(**OPEN).starts == 3


def test_starts_that_come_up_open_again_and_again(carry_out, ams):
    ams.open_starts = 9
    error = error_of(carry_out, **OPEN)
    assert "application LiveApp came up with its security off 3 times running" in str(error)


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


# --- live changes that fail ---


def test_a_refused_post_is_taken_back(carry_out, ams, manageable, home, fake):
    before = fake.snapshot(home / "webapps")
    memory = {app: dict(held) for app, held in ams.memory.items()}
    ams.refusing = {"events": 1}
    error = error_of(carry_out, **OPEN, **manageable)
    assert str(error) == (
        "application events: the server refused: not today; the files and what the server holds"
        " are as before"
    )
    assert fake.snapshot(home / "webapps") == before
    assert ams.memory == memory
    assert ams.started == 0


def test_a_refused_post_that_cannot_be_taken_back(carry_out, ams, manageable, home, fake):
    before = fake.snapshot(home / "webapps")
    ams.refusing = {"events": 9}
    error = error_of(carry_out, **OPEN, **manageable)
    assert str(error).endswith("files are as before, but what events holds in memory is not known")
    assert fake.snapshot(home / "webapps") == before


def test_a_server_that_does_not_do_what_it_says(carry_out, ams, manageable):
    ams.deaf = ["LiveApp"]
    error = error_of(carry_out, **OPEN, **manageable)
    assert str(error).startswith(
        "application LiveApp does not hold jwtControlEnabled, jwtSecretKey after it was posted; the"
    )


def test_a_full_disk_while_live_is_taken_back_without_any_space(
    carry_out, ams, manageable, monkeypatch, home, fake
):
    before = fake.snapshot(home / "webapps")
    memory = {app: dict(held) for app, held in ams.memory.items()}

    def fail(file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_heal, "rewrite", fail)
    error = error_of(carry_out, **OPEN, **manageable)
    assert str(error).endswith(
        "No space left on device; the files and what the server holds are as before"
    )
    assert fake.snapshot(home / "webapps") == before
    assert ams.memory == memory


@pytest.fixture
def half_open(ams, home, carry_out, manageable):
    """LiveApp came up open, its file is right; the next change is one of events, and refused."""
    carry_out(**OPEN, **manageable)
    ams.memory["LiveApp"].update(jwtControlEnabled=False, jwtSecretKey=None)
    ams.refusing = {"events": 9}
    return {**OPEN, **manageable, "apps": {"events": {"settings": {"hlsTime": 9}}}}


def test_what_was_healed_stays_healed_when_the_rest_is_taken_back(
    carry_out, ams, home, fake, half_open
):
    before = fake.snapshot(home / "webapps")
    ams.refusing = {"events": 1}
    error = error_of(carry_out, **half_open)
    assert str(error) == (
        "application events: the server refused: not today; the files and what the server holds"
        " are as before, but that LiveApp holds again what its file says"
    )
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    assert ams.memory["LiveApp"]["jwtSecretKey"] == fake.SECRETS["rest"]
    assert ams.memory["events"]["hlsTime"] == "2"
    assert fake.snapshot(home / "webapps") == before


@pytest.mark.parametrize("post", [1, 2, 3, 4])  # two forth, two back
def test_a_run_killed_at_a_post_leaves_every_file_beside_what_the_server_wrote(
    run, carry_out, ams, home, fake, half_open, monkeypatch, post
):
    path = _installation.app_path(str(home), "LiveApp")
    with open(path, "rb") as stream:
        text = stream.read()
    posts = []
    made = run(**half_open)
    made.prepare()
    real_post = made.management.post_settings
    with monkeypatch.context() as patch:

        def post_settings(app, content):
            posts.append(app)
            if len(posts) == post:
                with contextlib.suppress(_management.RestError):
                    real_post(app, content)
                raise KeyboardInterrupt
            real_post(app, content)

        patch.setattr(made.management, "post_settings", post_settings)
        with pytest.raises(KeyboardInterrupt):
            made.run()
    assert _transaction.read_old(path) == text
    ams.refusing = {}
    carry_out(**half_open)
    with open(path, "rb") as stream:
        found = Document.parse(stream.read()).as_dict()
    assert Document.parse(text).as_dict().items() <= found.items()
    assert ams.memory["LiveApp"]["jwtSecretKey"] == fake.SECRETS["rest"]
    assert left_over(home) == []


def test_an_application_made_between_plan_and_run_is_none_of_its_business(
    run, ams, home, manageable, fake
):
    made = run(**OPEN, **manageable)
    made.prepare()
    folder = home / "webapps" / "new" / "WEB-INF"
    folder.mkdir(parents=True)
    (folder / "red5-web.properties").write_bytes(fake.app_text("new"))
    made.run()
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    assert left_over(home) == []


def test_a_file_that_cannot_be_read_any_more_is_taken_back_live(run, ams, home, manageable, fake):
    before = fake.snapshot(home / "webapps" / "events")
    made = run(**OPEN, **manageable)
    made.prepare()
    folder = home / "webapps" / "new" / "WEB-INF"
    folder.mkdir(parents=True)
    (folder / "red5-web.properties").write_bytes(b"\\u1")
    assert "the files and what the server holds are as before" in str(error_of(made.run))
    assert fake.snapshot(home / "webapps" / "events") == before


def test_old_files_that_cannot_be_taken_back(carry_out, ams, manageable, monkeypatch):
    def refuse(paths):
        raise _transaction.TransactionError("/x", "could not be put back", restored=False)

    ams.refusing = {"events": 9}
    monkeypatch.setattr(_apply, "put_back", refuse)
    assert str(error_of(carry_out, **OPEN, **manageable)).endswith("; /x: could not be put back")


def test_a_guard_that_cannot_be_ended_after_a_rollback_hides_nothing(carry_out, ams, monkeypatch):
    def refuse(_home):
        raise _files.GuardError("the guard stays")

    monkeypatch.setattr(_files, "release", refuse)
    monkeypatch.setattr(_program, "unknown", lambda *_arguments: [])
    ams.trouble = bad_port
    error = error_of(carry_out, **BAD)
    assert str(error).startswith("the server ended by itself")
    assert str(error).endswith(
        "the previous files were put back and the server runs with them, but the guard stays"
    )


# --- whether the host is other than it was ---


def altered(made):
    with pytest.raises(_apply.ApplyError):
        made.run()
    return made.altered


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
    assert str(error_of(made.run)) == f"/x: no; {state}"
    assert made.altered is not restored


def test_old_files_that_cannot_be_removed(run, home, fake, monkeypatch):
    def refuse(paths):
        raise OSError(errno.EROFS, "Read-only file system")

    made = run(dashboard_cidrs=["127.0.0.1"])
    before = fake.snapshot(home)
    made.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(_apply, "forget_old", refuse)
        assert str(error_of(made.run)).endswith("Read-only file system; nothing was changed")
    assert fake.snapshot(home) == before
    made.prepare()
    monkeypatch.setattr(_apply, "clean", lambda paths, old: refuse(paths))
    assert str(error_of(made.run)).startswith(
        "all is as it should be, but for what was left beside the files: "
    )
    assert made.altered


# --- people on air ---


@pytest.fixture
def on_air(ams):
    ams.streams["events"] = [
        {"streamId": "s1", "status": "broadcasting", "hlsViewerCount": 3},
    ]
    return ams


def test_nobody_is_thrown_off_air(run, on_air):
    made = run(dashboard_cidrs=["127.0.0.1"])
    with pytest.raises(_apply.Busy, match=r"events: 1 publisher \(s1\), 3 viewers") as caught:
        made.guard()
    assert [audience.app for audience in caught.value.audiences] == ["events"]
    with pytest.raises(_apply.Busy):
        run({"live_streams": "drain"}, dashboard_cidrs=["127.0.0.1"]).guard()


def test_somebody_is_if_that_is_said(run, on_air):
    made = run({"live_streams": "drop"}, dashboard_cidrs=["127.0.0.1"])
    made.guard()
    assert [audience.viewers for audience in made.audience] == [3]


def test_nobody_is_asked_where_no_restart_is_done(run, on_air, carry_out):
    run({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"]).guard()
    run(manager="none", dashboard_cidrs=["127.0.0.1"]).guard()
    on_air.stop()
    run(dashboard_cidrs=["127.0.0.1"]).guard()


def test_a_live_change_throws_nobody_off_air(carry_out, manageable, ams):
    ams.streams["events"] = [{"streamId": "s1", "status": "broadcasting"}]
    made = carry_out(app_defaults={"rest_jwt": True}, **manageable)
    assert (made.way, made.audience) == ("live", [])


def test_outside_the_maintenance_window(run, monkeypatch):
    now = time.localtime()
    hour = (now.tm_hour + 2) % 24
    closed = _window.Window("{0:02d}:00-{0:02d}:30".format(hour))
    error = error_of(run({"window": closed}, dashboard_cidrs=["127.0.0.1"]).guard)
    assert str(error).startswith("a restart is needed for server.allowed_dashboard_CIDR, and ")
    assert str(error).endswith(
        f"is outside the maintenance window {closed.text}; nothing was changed"
    )
    run({"window": _window.Window("00:00-24:00")}, dashboard_cidrs=["127.0.0.1"]).guard()


# --- the first admin ---


def test_the_first_admin_is_made(run, carry_out, ams):
    ams.users.clear()
    made = run({"admin": ADMIN})
    assert (made.unclaimed, made.claims, made.changed, made.way) == (True, True, True, "none")
    made = carry_out({"admin": ADMIN})
    assert (ams.claimed, made.unclaimed, made.claim_fault) == (True, False, None)
    assert not run({"admin": ADMIN}).changed


def test_the_first_admin_of_a_server_that_was_down(carry_out, ams):
    ams.users.clear()
    ams.stop()
    made = carry_out({"admin": ADMIN}, dashboard_cidrs=["127.0.0.1"])
    assert (ams.claimed, made.unclaimed) == (True, False)


def test_the_first_admin_is_made_before_anything_is_asked_of_a_started_server(
    carry_out, ams, web, fake
):
    ams.users.clear()
    ams.stop()
    del web.requests[:]
    made = carry_out({"admin": ADMIN}, **OPEN, dashboard_cidrs=["127.0.0.1"])
    assert (made.starts, made.unclaimed) == (1, False)
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
    assert (made.starts, made.unclaimed, ams.claimed) == (1, False, True)


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
        "the first admin account could not be made (HTTP 200); everything else is in force, and as"
        " long as nobody is the first admin, whoever reaches the panel first becomes it"
    )
    assert (ams.started, ams.log_ins, ams.dashboard) == (1, 0, "127.0.0.1")
    assert left_over(home) == []


@pytest.mark.parametrize("running", [True, False])
def test_a_wrong_password_is_tried_once(carry_out, run, ams, running):
    if not running:
        ams.stop()
    wrong = {"admin": dict(ADMIN, password="mistyped")}
    made = carry_out(wrong, **OPEN)
    assert (made.way, made.starts, ams.log_ins) == ("restart", 1, 1)
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    error = error_of(run, dict(wrong, mode="live"), app_defaults={"rest_jwt": False})
    assert "the running server cannot be asked: the admin account was refused (HTTP 200)" in str(
        error
    )


def test_nobody_is_made_admin_unasked(run, carry_out, ams):
    carry_out()
    ams.users.clear()
    made = run()
    assert (made.unclaimed, made.claims, made.changed) == (True, False, False)


# --- secrets in the server's lines ---


def test_every_secret_of_the_host_is_blanked_out(run, ams, home, fake):
    path = home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties"
    path.write_bytes(path.read_bytes() + b"of-the-database\njwtStreamSecretKey=of-the-streams\n")
    found = run(
        {"admin": ADMIN},
        management_jwt=True,
        secrets={"management": fake.SECRETS["management"]},
    )._secrets()
    assert found == {
        "of-the-database",
        "of-the-streams",
        fake.SECRETS["management"],
        ADMIN["password"],
    }


def test_nothing_shows_a_secret(run, fake):
    made = run(management_jwt=True, secrets={"management": fake.SECRETS["management"]})
    told = repr((made.plan, made.transaction, made.way, made.why, made.installation))
    assert fake.SECRETS["management"] not in told
    assert fake.SECRETS["rest"] not in told


def test_nobody_is_let_in_and_that_is_meant(carry_out, ams, home):
    """Nobody can ask such a server: it is proved by its log."""
    path = _installation.app_path(str(home), "events")
    with open(path, "ab") as stream:
        stream.write(b"\nremoteAllowedCIDR=\n")

    made = carry_out({"live_streams": "drop"}, dashboard_cidrs="deny_all", allow_lockout=True)
    assert made.starts == 1
    assert effective(home, "", "server.allowed_dashboard_CIDR") == ""
    assert [text.partition(" lets nobody in")[0] for text in made.warnings] == [
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

    monkeypatch.setattr(_files, "release", release)
    monkeypatch.setattr(_files, "closed", lambda home: not done)
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
    monkeypatch.setattr(_files, "closed", lambda home: False)
    assert carry_out(dashboard_cidrs=["127.0.0.1"]).starts == 1


def test_put_back_behind_closed_ports(carry_out, guarding, ams):
    ams.trouble = lambda found: (
        ["ERROR no"] if found.effective("", "http.host") == "192.0.2.1" else None
    )
    error = error_of(carry_out, server_settings={"http.host": "192.0.2.1"})
    assert "the server runs with them, but the boot guard keeps it closed: nobody" in str(error)
