from __future__ import annotations

import json
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    leftovers as _leftovers,
    process as _process,
    unproved as _unproved,
)
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    HOST,
    POLICY,
)

# --- a run that goes well ---


def test_check_predicts_and_a_second_run_changes_nothing(secure, ams, home, fake, secrets):
    before = fake.snapshot(home)
    predicted = secure(True, secrets=secrets, **POLICY)
    assert fake.snapshot(home) == before
    assert predicted["changed"]
    assert (ams.started, ams.stopped) == (0, 0)
    real = secure(secrets=secrets, **POLICY)
    assert real["changed"]
    same = ("changes", "way", "reasons", "restart_required", "drift", "diff", "installation")
    assert {key: predicted[key] for key in same} == {key: real[key] for key in same}
    assert (real["starts"], ams.started) == (1, 1)
    assert real["switched_at"] <= time.time()
    assert "switched_at" not in predicted
    assert predicted["fingerprints"]["management"] == ""
    assert real["fingerprints"]["management"] == _secret.fingerprint(secrets["management"])
    files = fake.snapshot(home)
    for check in (True, False):
        again = secure(check, secrets=secrets, **POLICY)
        assert not again["changed"]
        assert (again["changes"], again["way"], again["diff"]) == ([], "none", [])
    assert fake.snapshot(home) == files
    assert ams.started == 1


def test_a_second_run_changes_nothing_after_the_server_rewrote_its_files(
    secure, ams, home, fake, secrets
):
    secure(secrets=secrets, **POLICY)
    for app in ams.memory:
        ams._post_applications_settings(
            {
                "path": "/" + app,
                "body": ams.memory[app],
                "headers": {"Cookie": "JSESSIONID=1"},
            }
        )
    path = home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties"
    assert path.read_bytes().startswith(b"#date")
    again = secure(secrets=secrets, **POLICY)
    assert (again["changed"], again["changes"], again["way"]) == (False, [], "none")


def test_the_diff_shows_keys_and_no_secret(secure, ams, secrets):
    result = secure(True, secrets=secrets, **POLICY)
    server, live, _events = result["diff"]
    assert server["before_header"] == server["after_header"]
    assert server["before_header"].endswith("conf/red5.properties")
    assert server["before"] == (
        "mode=0644\nserver.allowed_dashboard_CIDR=0.0.0.0/0\n"
        "server.jwtServerControlEnabled=false\nserver.jwtServerSecretKey=\n"
    )
    assert server["after"] == (
        "mode=0640\nserver.allowed_dashboard_CIDR=127.0.0.1\n"
        "server.jwtServerControlEnabled=true\n"
        "server.jwtServerSecretKey={}\n".format(_secret.fingerprint(secrets["management"]))
    )
    assert "jwtSecretKey=fp:" in live["after"]
    for secret in (secrets["management"], secrets["app_defaults"]["rest"]):
        assert secret not in json.dumps(result)


def test_live_and_healed(secure, ams, secrets):
    secure(secrets=secrets, **POLICY)
    ams.memory["events"]["jwtControlEnabled"] = False
    policy = dict(POLICY, apps={"LiveApp": {"settings": {"hlsTime": 5}}})
    result = secure(secrets=secrets, **policy)
    assert (result["way"], result["drift"]) == ("live", {"events": ["jwtControlEnabled"]})
    assert (result["healed"], result["starts"]) == (["events"], 0)
    assert "ready_seconds" not in result
    assert ams.memory["LiveApp"]["hlsTime"] == "5"


def test_deferred(secure, ams, home, secrets):
    result = secure(secrets=secrets, **dict(POLICY, apply="defer"))
    assert (result["changed"], result["restart_required"], result["way"]) == (True, True, "defer")
    assert "switched_at" not in result
    assert result["fingerprints"]["management"] == _secret.fingerprint(secrets["management"])
    assert (ams.started, ams.dashboard) == (0, "0.0.0.0/0")


@pytest.mark.parametrize("way", [{"apply": "defer"}, {"service_manager": "none"}])
def test_a_restart_that_is_left_to_somebody_is_a_warning(secure, ams, secrets, way):
    policy = dict(POLICY, secrets=secrets)
    policy.update(way)
    done = [secure(check, **policy) for check in (True, False, False)]
    assert [result["changed"] for result in done] == [True, True, False]
    for result, verb in zip(done, ("would be", "is", "is")):
        assert result["restart_required"]
        due = ", ".join(result["reasons"])
        said = f"a restart {verb} due, but this run does not restart: {due}"
        assert said in result["warnings"]
    assert "server.allowed_dashboard_CIDR" in str(done[1]["warnings"])


def test_what_community_does_not_enforce_is_a_warning_if_that_is_said(secure, ams, secrets):
    result = secure(True, apps={"LiveApp": {"play": "one_time"}}, unenforceable="warn")
    assert not result["failed"]
    assert "playTokenControlEnabled and does not enforce it" in str(result["warnings"])


def test_nobody_is_admin_yet(secure, ams, secrets):
    ams.users.clear()
    result = secure(True, secrets=secrets, **POLICY)
    assert result["unclaimed"]
    assert "this server has no admin yet" in str(result["warnings"])
    assert "the panel is open to 127.0.0.1" in str(result["warnings"])
    admin = {"email": "admin@example.net", "password": "a password that is nobody's"}
    result = secure(True, secrets=dict(secrets, admin=admin), **POLICY)
    assert not result["unclaimed"]
    result = secure(secrets=dict(secrets, admin=admin), **POLICY)
    assert (result["unclaimed"], ams.claimed) == (False, True)
    assert admin["password"] not in json.dumps(result)


OPEN_PANEL = {key: POLICY[key] for key in POLICY if key != "dashboard_cidrs"}


def test_a_panel_that_nobody_owns_is_narrowed_to_the_operator(
    secure, ams, home, secrets, monkeypatch
):
    monkeypatch.setattr(_process, "connected_from", lambda: ["::ffff:192.0.2.9"])
    ams.users.clear()
    policy = dict(OPEN_PANEL, operator_cidrs=["198.51.100.0/24"], secrets=secrets)
    predicted = secure(True, **policy)
    real = secure(**policy)
    assert predicted["changes"] == real["changes"]
    assert predicted["way"] == real["way"] == "restart"
    value = "127.0.0.1,192.0.2.9,198.51.100.0/24"
    assert ams.dashboard == value
    assert real["unclaimed"]
    for warnings in (predicted["warnings"], real["warnings"]):
        assert f"is narrowed to {value}; give antmedia_secrets.admin" in warnings[0]
        assert f"the panel is open to {value}" in warnings[1]
    again = secure(**policy)
    assert (again["changed"], len(again["warnings"])) == (False, 1)


@pytest.mark.parametrize("case", ["an admin is given", "a list is given", "claimed", "not open"])
def test_a_panel_that_is_left_as_it_is(secure, ams, home, secrets, case):
    policy = dict(OPEN_PANEL, secrets=secrets)
    if case != "claimed":
        ams.users.clear()
    if case == "an admin is given":
        policy["secrets"] = dict(secrets, admin={"email": "a@example.net", "password": "x"})
    elif case == "a list is given":
        policy["dashboard_cidrs"] = "any"
    elif case == "not open":
        path = home / "conf" / "red5.properties"
        path.write_bytes(path.read_bytes().replace(b"0.0.0.0/0", b"10.0.0.0/8"))
    result = secure(True, **policy)
    assert "is narrowed to" not in str(result["warnings"])
    keys = [change["key"] for change in result["changes"]]
    assert ("server.allowed_dashboard_CIDR" in keys) is (case == "a list is given")


@pytest.mark.parametrize("started_before", [True, False])
def test_a_panel_of_a_server_that_is_down(secure, ams, home, secrets, started_before):
    ams.stop()
    if started_before:
        (home / "server.db").write_bytes(b"x")
    keys = [change["key"] for change in secure(True, **OPEN_PANEL, secrets=secrets)["changes"]]
    assert ("server.allowed_dashboard_CIDR" in keys) is not started_before


def test_addresses_of_the_operator_that_are_none(faults, ams):
    ams.users.clear()
    assert faults(operator_cidrs=["10.0.0.1/8"]) == [
        "antmedia_operator_cidrs: '10.0.0.1/8' has host bits set: write 10.0.0.0/8 for the block,"
        " or 10.0.0.1 for the address"
    ]


def test_what_changes_is_marked_until_somebody_has_proved_it(secure, ams, home, fake, secrets):
    before, marked = fake.snapshot(home), []
    ams.trouble = lambda _found: marked.append(_unproved.marked(str(home)))
    policy = dict(POLICY, secrets=secrets, mark_unproved=True)
    assert not secure(True, **policy)["unproved"]
    assert fake.snapshot(home) == before
    assert secure(**policy)["unproved"]
    assert marked == [True]  # before the server had the change
    again = secure(**policy)
    assert (again["changed"], again["unproved"]) == (False, True)
    (home / "conf" / _unproved.NAME).unlink()
    assert not secure(**policy)["unproved"]
    assert not secure(**dict(policy, dashboard_cidrs=["::1"], mark_unproved=False))["unproved"]


def test_nothing_changes_without_the_mark(secure, ams, home, fake, secrets, monkeypatch):
    def full(_home):
        raise OSError(28, "No space left on device")

    before = fake.snapshot(home)
    monkeypatch.setattr(_unproved, "mark", full)
    result = secure(secrets=secrets, mark_unproved=True, **POLICY)
    assert result["msg"] == (
        f"{HOST}: conf/.streamward-unproved: No space left on device; nothing was changed"
    )
    assert fake.snapshot(home) == before


# --- a run that does not ---


def test_a_failed_start_says_the_servers_own_lines(secure, ams, home, fake, secrets):
    before = fake.snapshot(home / "conf")
    ams.trouble = lambda found: (
        ["ERROR x - no " + secrets["management"]]
        if found.effective("", "server.jwtServerControlEnabled") == "true"
        else None
    )
    result = secure(secrets=secrets, **POLICY)
    assert (result["failed"], result["changed"]) == (True, False)
    first, last = result["msg"].splitlines()
    assert first.startswith(f"{HOST}: the server ended by itself")
    assert first.endswith("the previous files were put back and the server runs with them")
    assert last == "ERROR x - no (secret)"
    assert result["server_log"] == [last]
    assert fake.snapshot(home / "conf") == before


def test_a_server_that_somebody_else_got_to_run_again_has_come_back(secure, ams, home, secrets):
    policy = dict(POLICY, secrets=secrets)
    secure(**policy)
    paths = [str(home / "conf" / "red5.properties")]
    _leftovers.stopping(paths)
    assert not secure(True, **policy)["changed"] and _leftovers.stopped_here(paths)
    assert not secure(**policy)["changed"] and not _leftovers.stopped_here(paths)
    assert (ams.started, ams.stopped) == (1, 1)  # by the first run only


@pytest.mark.parametrize("check", [False, True])
def test_people_on_air(secure, ams, home, fake, secrets, check):
    ams.streams["events"] = [{"streamId": "s1", "status": "broadcasting", "hlsViewerCount": 2}]
    before = fake.snapshot(home)
    result = secure(check, secrets=secrets, **POLICY)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"] == (
        f"{HOST}: a restart would cut off people on air, nothing was changed: events: 1 publisher"
        " (s1), 2 viewers; wait, or set antmedia_live_streams to drain or drop"
    )
    assert result["audience"] == [
        {"app": "events", "publishers": 1, "viewers": 2, "streams": ["s1"], "known": True}
    ]
    waiting = secure(check, secrets=secrets, **dict(POLICY, live_streams="drain"))
    assert (waiting["failed"], waiting["changed"], waiting["waiting"]) == (False, check, True)
    assert waiting["msg"] == "events: 1 publisher (s1), 2 viewers"
    assert fake.snapshot(home) == before
    dropped = secure(check, secrets=secrets, **dict(POLICY, live_streams="drop"))
    assert (dropped["failed"], dropped["changed"], dropped["waiting"]) == (False, True, False)
    assert dropped["audience"] == result["audience"]
    cut = "the restart {} off 1 publisher, 2 viewers".format("would cut" if check else "cut")
    assert cut in dropped["warnings"]


def test_a_restart_is_announced(secure, ams, home, fake, secrets):
    before = fake.snapshot(home)
    policy = dict(POLICY, secrets=secrets, announce=True)
    for check in (True, False):
        result = secure(check, **dict(policy, live_streams="drain"))
        assert (result["failed"], result["changed"], result["waiting"]) == (False, check, True)
        assert result["msg"] == "nobody is on air; the drain hooks run first"
    assert fake.snapshot(home) == before
    assert secure(**policy)["changed"]
    assert not secure(**dict(policy, live_streams="drain"))["waiting"]


def test_outside_the_window(secure, ams, secrets):
    hour = (time.localtime().tm_hour + 2) % 24
    window = f"{hour:02d}:00-{hour:02d}:30"
    result = secure(secrets=secrets, maintenance_window=window, **POLICY)
    assert result["failed"]
    assert f"is outside the maintenance window {window}; nothing was changed" in result["msg"]
