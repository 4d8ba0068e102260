from __future__ import annotations

import os
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import (
    Busy,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import network as _network
from ansible_collections.streamward.antmedia.plugins.module_utils._server import unseen as _unseen
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    ADMIN,
    APPS,
    HOST,
    OPEN,
    POLICY,
    error_of,
)


def test_memory_that_drifted_is_healed_live(manageable, carry_out, run, ams):
    carry_out(app_defaults={"rest_jwt": True}, **manageable)
    ams.memory["LiveApp"]["jwtControlEnabled"] = False
    made = carry_out(app_defaults={"rest_jwt": True}, **manageable)
    assert (made.way.name, made.changed, made.plan.files) == ("live", True, ())
    assert made.seen.drift == {"LiveApp": ["jwtControlEnabled"]}
    assert made.done.healed == ["LiveApp"]
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    assert not run(app_defaults={"rest_jwt": True}, **manageable).changed


def test_what_the_policy_names_is_healed_whatever_it_decides(manageable, carry_out, run, ams):
    policy = {"app_defaults": {"settings": {"hlsTime": 9}}, **manageable}
    carry_out(**policy)
    ams.memory["LiveApp"]["hlsTime"] = "2"
    ams.memory["LiveApp"]["gopSize"] = 5  # of which the policy says nothing
    assert run(**manageable).way.name == "none"
    made = carry_out(**policy)
    assert (made.way.name, made.seen.drift) == ("live", {"LiveApp": ["hlsTime"]})
    assert ams.memory["LiveApp"]["hlsTime"] == "9"
    assert not run(**policy).changed


def test_what_should_hold_by_default_is_healed_too(manageable, carry_out, run, ams):
    ams.memory["LiveApp"]["jwtControlEnabled"] = True
    policy = {"app_defaults": {"rest_jwt": False}, **manageable}
    made = carry_out(**policy)
    assert (made.way.name, made.seen.drift) == ("live", {"LiveApp": ["jwtControlEnabled"]})
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is False
    assert not run(**policy).changed


def test_what_the_policy_names_of_the_server_needs_a_restart(manageable, carry_out, run, ams):
    policy = {"server_settings": {"server.heartbeatEnabled": False}, **manageable}
    carry_out(**policy)
    ams.server["heartbeatEnabled"] = True
    assert run(**manageable).way.name == "none"
    made = carry_out(**policy)
    assert (made.way.name, [*made.way.reasons]) == ("restart", ["server.heartbeatEnabled"])
    assert not run(**policy).changed


def test_a_start_that_came_up_with_defaults_only_is_healed(manageable, carry_out, run, ams):
    """Nothing that decides access differs."""
    policy = {"app_defaults": {"settings": {"hlsTime": 9}}, **manageable}
    ams.open_starts = 1
    made = carry_out({"mode": "restart"}, **policy)
    assert (made.done.healed, made.done.starts) == (list(APPS), 1)
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
    assert (made.way.name, [*made.way.reasons]) == (
        "restart",
        ["what the running server holds differs"],
    )


def test_settings_of_the_server_that_it_has_not_read(manageable, run, ams, home):
    path = home / "conf" / "red5.properties"
    text = path.read_bytes()
    path.write_bytes(text.replace(b"CIDR=0.0.0.0/0", b"CIDR=127.0.0.1"))
    made = run(**manageable)
    assert (made.way.name, [*made.way.reasons]) == ("restart", ["server.allowed_dashboard_CIDR"])


def test_a_management_secret_that_the_server_does_not_know(manageable, run, ams, home):
    ams.secret = "another"
    made = run(**manageable)
    assert (made.way.name, [*made.way.reasons]) == (
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
    assert (made.way.name, [*made.way.reasons]) == ("restart", ["RemoteIpValve.internalProxies"])
    assert run(trusted_proxies=["10.0.0.1"]).way.name == "none"
    later = time.time() + 60
    os.utime(container, (later, later))
    made = run(trusted_proxies=["10.0.0.1"])
    assert [*made.way.reasons] == ["conf/jee-container.xml is newer than the running server"]
    ams.stop()
    assert run(trusted_proxies=["10.0.0.1"]).way.name == "none"


def test_an_open_application_of_a_server_that_nobody_can_ask(carry_out, run, ams):
    carry_out(**OPEN)
    assert run(**OPEN).way.name == "none"
    ams.memory["LiveApp"]["jwtControlEnabled"] = False
    ams.streams["LiveApp"] = [{"streamId": "s1", "status": "broadcasting"}]
    made = run(**OPEN)
    assert (made.way.name, made.seen.drift) == ("restart", {"LiveApp": ["jwtControlEnabled"]})
    assert [*made.way.reasons] == ["what the running server holds differs"]
    with pytest.raises(Busy):
        made.refuse_restart()
    ams.streams.clear()
    assert carry_out(**OPEN).done.starts == 1
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    assert not run(**OPEN).changed


@pytest.mark.parametrize("answer", [(204, b""), (500, b"")])
def test_a_server_whose_management_api_answers_with_an_error(
    carry_out, run, ams, manageable, monkeypatch, answer
):
    carry_out(**OPEN, **manageable)
    monkeypatch.setattr(ams, "_get_applications_settings", lambda request: answer)
    made = run(**OPEN, **manageable)
    assert (made.way.name, made.changed) == ("none", False)
    assert made.done.warnings == [
        "what the running server holds was not compared with its files: its management API does"
        " not answer"
    ]
    ams.memory["LiveApp"]["jwtControlEnabled"] = False
    made = run(**OPEN, **manageable)
    assert (made.way.name, made.seen.drift) == ("restart", {"LiveApp": ["jwtControlEnabled"]})


def test_what_cannot_be_compared_is_told(run, ams):
    said = "what the running server holds was not compared with its files: "
    assert run().done.warnings == [
        said + "there is neither a management JWT nor antmedia_secrets.admin"
    ]
    wrong = {"admin": dict(ADMIN, password="mistyped")}
    assert run(wrong).done.warnings == [said + "the admin account was refused (HTTP 200)"]
    ams.users.clear()
    assert run({"admin": ADMIN}).done.warnings == [said + "this server has no admin yet"]
    # A server that is restarted reads its files.
    assert run(dashboard_cidrs=["127.0.0.1"]).done.warnings == []
    assert len(run({"mode": "defer"}, dashboard_cidrs=["127.0.0.1"]).done.warnings) == 1
    ams.stop()
    assert not any(said in text for text in run().done.warnings)


# --- a server that is not seen ---


@pytest.fixture
def unseen(ams, monkeypatch):
    """The server runs on, and its process is not found any more."""
    ams.stop()
    ams.started = ams.stopped = 0
    monkeypatch.setattr(_unseen, "reached", lambda places: {("127.0.0.1", ams.web.port)})
    return ams


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("apply", ["auto", "restart", "live", "defer"])
@pytest.mark.parametrize("manager", ["command", "none"])
def test_a_server_that_is_not_seen_is_left_alone(
    unseen, secure, home, fake, secrets, check, apply, manager
):
    before = fake.snapshot(home)
    policy = dict(POLICY, secrets=secrets, apply=apply, service_manager=manager)
    result = secure(check, **policy)
    assert result["failed"] and not result["changed"]
    assert result["msg"].startswith(
        f"{HOST}: port {unseen.web.port} (http.port) answers at 127.0.0.1, where nothing that is"
    )
    assert result["msg"].endswith("; nothing was changed")
    assert fake.snapshot(home) == before
    assert (unseen.started, unseen.stopped, unseen.web.requests) == (0, 0, [])


def test_a_server_in_a_network_that_may_not_be_entered(run, ams, monkeypatch):
    monkeypatch.setattr(_network, "apart", lambda process: True)
    del ams.web.requests[:]
    error = error_of(run)
    assert str(error).startswith(f"the server (process {ams.process.pid}) is in another network")
    assert ams.web.requests == []
