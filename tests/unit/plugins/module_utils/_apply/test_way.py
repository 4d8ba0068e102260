from __future__ import annotations

import dataclasses
import os
import time
import types

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import (
    seen as _seen,
    way as _way,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import ApplyError
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    plan as _plan,
)
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    ADMIN,
    APPS,
    OPEN,
    effective,
    error_of,
    left_over,
)
from hypothesis import HealthCheck, given, settings as how, strategies as st

# --- the way ---


def test_nothing_to_do(run, carry_out):
    carry_out(dashboard_cidrs=["127.0.0.1"], app_defaults={"rest_jwt": True})
    made = run(dashboard_cidrs=["127.0.0.1"], app_defaults={"rest_jwt": True})
    assert (made.way.name, [*made.way.reasons], made.changed, made.restart_required) == (
        "none",
        [],
        False,
        False,
    )
    assert made.plan == _plan.Plan((), ())


def test_by_restart(carry_out, ams, home):
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, [*made.way.reasons]) == ("restart", ["server.allowed_dashboard_CIDR"])
    assert (made.done.starts, ams.started, ams.stopped) == (1, 1, 1)
    assert ams.dashboard == "127.0.0.1"
    assert made.done.ready_seconds is not None
    assert abs(made.done.switched_at - time.time()) < 10
    assert left_over(home) == []


def test_changes_that_could_go_live_but_nobody_can_ask(carry_out, ams):
    made = carry_out(app_defaults={"rest_jwt": True})
    assert (made.way.name, [*made.way.reasons]) == (
        "restart",
        ["jwtControlEnabled", "jwtSecretKey"],
    )
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True


def test_live(manageable, carry_out, ams, home):
    made = carry_out(
        app_defaults={"rest_jwt": True, "settings": {"customSettings": {"a": 1}}}, **manageable
    )
    assert (made.way.name, [*made.way.reasons], made.done.starts, made.done.healed) == (
        "live",
        [],
        0,
        [],
    )
    assert (ams.started, ams.stopped) == (0, 0)
    for app in APPS:
        assert ams.memory[app]["jwtControlEnabled"] is True
        assert ams.memory[app]["customSettings"] == {"a": 1}
    # The file is as it was planned, comments and all, not as the server rewrote it.
    text = (home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties").read_text()
    assert "# period in milliseconds" in text
    assert left_over(home) == []
    assert abs(made.done.switched_at - time.time()) < 10


def test_live_leaves_alone_whom_it_does_not_concern(manageable, carry_out, ams, web):
    del web.requests[:]
    carry_out(apps={"events": {"rest_jwt": True}}, **manageable)
    assert [path for path in web.paths() if "POST" in path] == [
        "POST /rest/v2/applications/settings/events"
    ]


def test_restart_where_that_is_wished(manageable, run):
    made = run({"mode": "restart"}, app_defaults={"rest_jwt": True}, **manageable)
    assert (made.way.name, [*made.way.reasons]) == (
        "restart",
        ["jwtControlEnabled", "jwtSecretKey"],
    )


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
    assert made.way.name == "live"
    assert ams.memory["events"]["jwtControlEnabled"] is True


def test_deferred(carry_out, run, ams, home):
    made = carry_out({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, made.restart_required, made.done.starts) == ("defer", True, 0)
    assert effective(home, "", "server.allowed_dashboard_CIDR") == "127.0.0.1"
    assert ams.dashboard == "0.0.0.0/0"
    made = run({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, made.changed, made.restart_required) == ("defer", False, True)
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, [*made.way.reasons], made.changed) == (
        "restart",
        [_seen.UNFINISHED],
        True,
    )
    assert ams.dashboard == "127.0.0.1"
    assert left_over(home) == []


def test_what_waits_is_told_when_all_of_it_could_go_live(carry_out, run, home, manageable, ams):
    made = carry_out({"mode": "defer"}, **OPEN, **manageable)
    assert (made.way.name, [*made.way.reasons]) == ("defer", ["jwtControlEnabled", "jwtSecretKey"])
    path = home / "webapps" / "events" / "WEB-INF" / ".red5-web.properties.streamward-old"
    assert path.stat().st_mode & 0o007 == 0  # with secrets that are still in force
    made = run({"mode": "defer"}, **OPEN, **manageable)
    assert ([*made.way.reasons], made.changed) == (["what the running server holds differs"], False)


def test_without_a_service_manager(carry_out, run, ams, home):
    made = carry_out(manager="none", dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, made.changed, made.restart_required) == ("restart", True, True)
    assert ams.started == 0
    made = run(manager="none", dashboard_cidrs=["127.0.0.1"])
    assert (made.changed, made.restart_required) == (False, True)
    ams.stop()
    time.sleep(0.05)
    ams.start()
    made = carry_out(manager="none", dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, made.restart_required) == ("none", False)
    assert left_over(home) == []


def test_a_stopped_server_is_started(carry_out, ams):
    ams.stop()
    ams.stopped = 0
    made = carry_out(dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, made.done.starts, ams.stopped) == ("restart", 1, 0)
    assert ams.process


def test_a_stopped_server_stays_stopped_when_nothing_changes(run, carry_out, ams):
    carry_out(dashboard_cidrs=["127.0.0.1"])
    ams.stop()
    made = run(dashboard_cidrs=["127.0.0.1"])
    assert (made.way.name, made.changed) == ("none", False)


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
    assert run(dashboard_cidrs=["127.0.0.1"]).way.name == "restart"


def test_what_overrules_although_the_files_are_right(carry_out, run, ams, manageable):
    """Nothing is to be changed then, and the next start would still be another."""
    policy = {"app_defaults": {"rest_jwt": True}, **manageable}
    carry_out(**policy)
    assert run(**policy).way.name == "none"
    ams.environ["JWTCONTROLENABLED"] = "false"
    assert "has JWTCONTROLENABLED, which overrules" in str(error_of(run, **policy))


def parameter(home, app, name):
    path = home / "webapps" / app / "WEB-INF" / "web.xml"
    path.write_text(
        f"<web-app><context-param><param-name>{name}</param-name>"
        "<param-value>x</param-value></context-param></web-app>"
    )
    return path


@pytest.mark.parametrize("runs", [True, False])
def test_what_overrules_from_the_next_start_on(run, ams, home, fake, runs):
    path = parameter(home, "LiveApp", "jwtSecretKey")
    later = time.time() + 60
    os.utime(path, (later, later))
    if not runs:
        ams.stop()
    before = fake.snapshot(home)
    error = error_of(run, app_defaults={"rest_jwt": True})
    assert str(error) == (
        f"{path} has the context parameter jwtSecretKey, which overrules the file of application"
        " LiveApp from the next start on; take it out there; nothing was changed"
    )
    assert fake.snapshot(home) == before
    # Applications and settings that it has nothing to do with.
    assert run(apps={"events": {"rest_jwt": True}}).changed
    assert run(app_defaults={"rest_cidrs": ["127.0.0.1"]}).changed


def test_all_that_overrules_at_once(run, ams, home):
    parameter(home, "LiveApp", "jwtSecretKey")
    ams.environ.update({"JWTSECRETKEY": "x", "remoteAllowedCIDR": "0.0.0.0/0"})
    error = error_of(run, app_defaults={"rest_jwt": True, "rest_cidrs": ["127.0.0.1"]})
    first, *lines = str(error).split("\n")
    assert first == "settings that the policy names are overruled; nothing was changed:"
    assert len(lines) == 2
    assert "has JWTSECRETKEY, remoteAllowedCIDR, which" in lines[0]
    assert "web.xml has the context parameter jwtSecretKey, which" in lines[1]


def test_another_spelling_that_the_files_are_going_to_win_over(run, ams, home):
    ams.environ["SETTINGS_JWTSECRETKEY"] = "x"
    parameter(home, "LiveApp", "settings.jwtSecretKey")
    assert run(app_defaults={"rest_jwt": True}).changed


def test_what_could_not_be_looked_at(run, ams, home):
    path = parameter(home, "LiveApp", "jwtSecretKey")
    path.write_text("<web-app>&jwtSecretKey;")
    (text,) = [text for text in run(dashboard_cidrs=["127.0.0.1"]).done.warnings if "web" in text]
    assert text.startswith(f"{path}: is not well-formed XML")
    assert text.endswith("so something there may overrule the files")
    ams.stop()
    made = run(dashboard_cidrs=["127.0.0.1"])
    assert [warned for warned in made.done.warnings if warned.startswith(str(path))]


# --- nodes of a cluster ---


@pytest.fixture
def cluster(home, carry_out, manageable):
    (home / "conf" / "jee-container.xml").write_text('<bean id="tomcat.cluster" />')
    return manageable


def test_a_node_of_a_cluster_takes_settings_live_only(cluster, run):
    assert run(app_defaults={"rest_jwt": True}, **cluster).way.name == "live"
    assert run(dashboard_cidrs=["127.0.0.1"], **cluster).way.name == "restart"
    error = error_of(run, app_defaults={"rest_jwt": True}, dashboard_cidrs="any", **cluster)
    assert "in a run of their own, without a change that needs a restart" in str(error)


def test_a_node_of_a_cluster_that_cannot_be_asked(cluster, run, ams):
    ams.stop()
    error = error_of(run, app_defaults={"rest_jwt": True}, **cluster)
    assert "have to be posted to the running server, but it does not run" in str(error)


# --- the choice alone: nothing is asked for it ---

WORDS = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)
CHANGES = st.builds(
    _plan.Change,
    app=st.sampled_from(APPS),
    path=st.just("/x"),
    key=st.sampled_from(["a", "b", "c", "d"]),
    old=st.none(),
    new=st.just("1"),
    reason=st.just("value"),
    apply=st.sampled_from(["live", "restart", "none"]),
)
# Nothing in it can be asked.
MANAGEMENT = types.SimpleNamespace(shut=False, refused=None, secret="", accessible=False)


@st.composite
def looks(draw, installation):
    known = draw(st.booleans())
    return _seen.Seen(
        dataclasses.replace(installation, clustered=draw(st.booleans())),
        process=draw(st.just(object()) if known else st.sampled_from([None, object()])),
        management=MANAGEMENT,
        known=known,
        drift={app: ["a"] for app in draw(st.sets(st.sampled_from(APPS)))},
        stale=tuple(draw(WORDS)),
    )


@given(data=st.data(), mode=st.sampled_from(["auto", "live", "restart", "defer"]))
@how(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_choice(fake, data, mode):
    seen = data.draw(looks(fake.installation()))
    plan = _plan.Plan(tuple(data.draw(st.lists(CHANGES, max_size=4))), ())
    due = {change.key for change in plan.changes if change.apply == "restart"} | {*seen.stale}
    live = bool(seen.drift) or any(change.apply == "live" for change in plan.changes)
    try:
        way = _way.choose(seen, plan, mode)
    except ApplyError as error:
        assert str(error).endswith("; nothing was changed")
        assert mode == "live" or (seen.installation.clustered and live)
        return
    assert (way.name == "none") is (not due and not live)
    # Live only where nothing needs a restart and the server can be asked; a wish is kept.
    if way.name == "live":
        assert not due and seen.known and mode in ("auto", "live")
        assert way.reasons == ()
    elif way.name != "none":
        assert way.name == ("defer" if mode == "defer" else "restart") and mode != "live"
        assert set(way.reasons) >= due
        assert way.reasons
    # A restart never throws away what a cluster's database would overrule.
    if seen.installation.clustered and live:
        assert not due and seen.known
    assert _way.choose(seen, plan, mode) == way
