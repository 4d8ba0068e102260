from __future__ import annotations

import json
import platform
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._automation import (
    schedules as _schedules,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    installation as _installation,
    leftovers as _leftovers,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import unseen as _unseen
from ansible_collections.streamward.antmedia.plugins.modules import facts

ADMIN = {"email": "admin@example.net", "password": "a password that is nobody's"}


@pytest.fixture
def gather(call, home):
    def run(**arguments):
        result = call(facts, home=str(home), **arguments)
        assert not result["failed"]
        return result["ansible_facts"]["antmedia"]

    return run


def append(home, app, text):
    path = home / "webapps" / app / "WEB-INF" / "red5-web.properties"
    path.write_bytes(path.read_bytes() + b"\n" + text.encode())
    return path


def test_a_stopped_server(gather, home, fake, monkeypatch):
    monkeypatch.setattr(_process, "find", lambda home: None)
    path = append(home, "LiveApp", "jwtSecretKey=" + fake.SECRETS["rest"])
    path.chmod(0o440)
    before = fake.snapshot(home)
    found = gather()
    assert fake.snapshot(home) == before
    assert (found["home"], found["version"], found["edition"]) == (str(home), "2.17.1", "community")
    assert found["clustered"] is False
    assert sorted(found["apps"]) == ["LiveApp", "events"]
    assert found["process"] is None
    assert found["unseen"] is None
    assert found["unclaimed"] is None
    assert found["memory"] == {"known": False, "differs": {}, "unfinished": False, "overrides": []}
    assert found["server"]["settings"]["server.allowed_dashboard_CIDR"] == "0.0.0.0/0"
    assert found["server"]["file"] == str(home / "conf" / "red5.properties")
    live = found["apps"]["LiveApp"]
    assert (live["mode"], live["writable_by_server"]) == ("0440", False)
    assert found["apps"]["events"]["writable_by_server"] is True
    assert live["settings"]["jwtSecretKey"] == _secret.fingerprint(fake.SECRETS["rest"])
    assert found["fingerprints"]["apps"]["LiveApp"]["rest"].startswith("fp:")
    assert fake.SECRETS["rest"] not in json.dumps(found)


def test_filters_that_are_not_in_their_places(gather, home, fake):
    found = gather()
    assert found["server"]["filters"] == found["apps"]["events"]["filters"] == []
    name = "io.antmedia.filter.JWTFilter"
    path = home / "webapps/events/WEB-INF/web.xml"
    path.write_text(fake.web_xml("application", without=[name]))
    found = gather()
    assert found["apps"]["LiveApp"]["filters"] == []
    assert found["apps"]["events"]["filters"] == [
        {
            "filter": name,
            "enforces": ["jwtControlEnabled"],
            "fault": f"{path} has no filter {name}",
        }
    ]


def test_values_that_are_none(gather, home, fake):
    assert gather()["apps"]["LiveApp"]["values"] == []
    append(home, "LiveApp", "settings.hlsListSize=abc\nremoteAllowedCIDR=127.0.0.1 \n")
    found = {each["setting"]: each for each in gather()["apps"]["LiveApp"]["values"]}
    assert found["remoteAllowedCIDR"] == {
        "setting": "remoteAllowedCIDR",
        "key": "remoteAllowedCIDR",
        "what": "'127.0.0.1 ' is dropped without a word; nobody gets in",
    }
    assert found["hlsListSize"]["key"] == "settings.hlsListSize"
    assert set(found) == {"remoteAllowedCIDR", "hlsListSize"}


def test_a_server_that_is_not_seen(call, home, fake, ams, monkeypatch):
    ams.stop()
    monkeypatch.setattr(_unseen, "reached", lambda places: {("127.0.0.1", ams.web.port)})
    before = fake.snapshot(home)
    result = call(facts, home=str(home), secrets={"admin": ADMIN})
    assert not result["failed"]
    found = result["ansible_facts"]["antmedia"]
    assert found["process"] is None
    assert found["unseen"].startswith(f"port {ams.web.port} (http.port) answers at 127.0.0.1")
    assert result["warnings"] == [found["unseen"]]
    assert fake.snapshot(home) == before
    assert ams.web.requests == []


def test_stale_keys(gather, home, ams):
    append(home, "LiveApp", "jwtControlEnabled=true\nsettings.jwtControlEnabled=false")
    assert gather()["apps"]["LiveApp"]["stale_keys"] == ["settings.jwtControlEnabled"]


def test_a_running_server_that_cannot_be_asked(gather, ams):
    ams.environ["JWTSECRETKEY"] = "x"
    found = gather()
    assert found["process"] == {"pid": ams.process.pid, "started": ams.process.started}
    assert found["memory"]["known"] is False
    assert found["memory"]["overrides"] == ["JWTSECRETKEY"]
    assert found["unclaimed"] is False


def test_what_overrules_the_files(gather, home, ams):
    ams.environ.update({"JWTSECRETKEY": "hidden", "HLSTIME": "9"})
    append(home, "LiveApp", "gopSize=${ELSEWHERE}")
    path = home / "webapps" / "events" / "WEB-INF" / "web.xml"
    path.write_text("no XML & more")
    found = gather()
    told = {"way": "environment variable", "where": "the server's environment", "when": "now"}
    reference = str(home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties")
    assert found["overruled"] == [
        {"app": "*", "setting": "hlsTime", "key": "HLSTIME", **told, "fills": False},
        {"app": "*", "setting": "jwtSecretKey", "key": "JWTSECRETKEY", **told, "fills": False},
        {
            **{"app": "LiveApp", "setting": "gopSize", "key": "gopSize", "fills": False},
            **{"way": "reference", "where": reference, "when": "always"},
        },
    ]
    assert found["memory"]["overrides"] == ["JWTSECRETKEY"]  # of those that decide access
    assert [text.partition(": is")[0] for text in found["unread"]] == [str(path)]
    assert "hidden" not in json.dumps(found)


def test_a_server_that_is_restarted_again_and_again(call, home, ams, monkeypatch):
    now = time.time()
    line = (
        "%Y-%m-%d %H:%M:%S,000 [main] INFO  org.red5.server.Launcher - Ant Media Server C 2.17.1\n"
    )
    moments = [now - 300 * number for number in range(7)]
    text = "".join(time.strftime(line, time.localtime(moment)) for moment in reversed(moments))
    ams.log.write_text(text)
    monkeypatch.setattr(_schedules, "look", lambda apps: [])
    result = call(facts, home=str(home))
    starts = result["ansible_facts"]["antmedia"]["starts"]
    assert (starts["last_day"], starts["at_least"], starts["source"]) == (7, False, "log")
    assert starts["starts"][-1] == {"at": int(now), "by": ""}
    (warning,) = result["warnings"]
    assert "was started 7 times in the last day, about every 5 minutes" in warning


def test_a_check_that_asks_an_application(call, home, ams, monkeypatch):
    found = [_schedules.Schedule("/etc/cron.d/x line 2", "/opt/x", True, ("/LiveApp/rest",))]
    monkeypatch.setattr(_schedules, "look", lambda apps: found if "LiveApp" in apps else [])
    result = call(facts, home=str(home))
    assert result["ansible_facts"]["antmedia"]["schedules"] == [
        {
            "where": "/etc/cron.d/x line 2",
            "runs": "/opt/x",
            "restarts": True,
            "asks": ["/LiveApp/rest"],
        }
    ]
    (warning,) = result["warnings"]
    assert warning.startswith("/etc/cron.d/x line 2 asks an application")


def test_a_running_server_that_is_asked_by_an_admin(gather, home, ams):
    append(home, "events", "ipFilterEnabled=false\nhlsTime=9")
    found = gather(secrets={"admin": ADMIN})
    assert found["memory"]["known"] is True
    assert found["memory"]["differs"] == {"events": ["ipFilterEnabled", "hlsTime"]}
    assert found["unclaimed"] is False
    assert ADMIN["password"] not in json.dumps(found)


def test_a_server_without_an_admin_is_not_asked_to_make_one(gather, ams):
    ams.users.clear()
    found = gather(secrets={"admin": ADMIN})
    assert (found["unclaimed"], found["memory"]["known"]) == (True, False)
    assert (ams.users, ams.log_ins) == ({}, 0)


def test_a_running_server_that_refuses(gather, home, ams):
    append(home, "events", "ipFilterEnabled=false")
    ams.memory = {}
    found = gather(secrets={"admin": ADMIN})
    assert (found["memory"]["known"], found["memory"]["differs"]) == (False, {})


@pytest.mark.parametrize("running", [True, False])
def test_a_run_that_was_not_finished(gather, home, ams, running):
    path = str(home / "conf" / "red5.properties")
    (home / "conf" / (".red5.properties" + _leftovers.OLD)).write_bytes(b"")
    assert _leftovers.left_behind([path])
    if not running:
        ams.stop()
    assert gather()["memory"]["unfinished"] is True


def test_a_run_that_was_killed_when_it_had_changed_the_proxies(gather, home, ams):
    """Runs look at that file too, so facts do."""
    (home / "conf" / "jee-container.xml").write_text("<beans/>")
    assert gather()["memory"]["unfinished"] is False
    (home / "conf" / (".jee-container.xml" + _leftovers.OLD)).write_bytes(b"")
    assert gather()["memory"]["unfinished"] is True


def test_a_run_that_was_killed_before_it_started_the_server_again(gather, home, ams):
    _leftovers.stopping([str(home / "conf" / "red5.properties")])
    assert gather()["memory"]["unfinished"] is False
    ams.stop()
    assert gather()["memory"]["unfinished"] is True


def test_a_home_that_is_none(call, home):
    (home / _installation.JAR).unlink()
    (home / "conf" / "red5.properties").write_bytes(b"\\u1")
    result = call(facts, home=str(home))
    assert result["failed"]
    assert len(result["faults"]) == 2
    assert result["msg"] == "{}: the installation cannot be read:\n{}".format(
        platform.node(), "\n".join("- " + fault for fault in result["faults"])
    )


def test_evidence_is_told_on_demand(call, home):
    assert not {"evidence", "faults"} & set(gather_of(call, home))
    found = gather_of(call, home, evidence=True)
    assert found["faults"] == []
    assert found["evidence"]["machine"]["name"] == platform.node()
    assert found["evidence"]["secrets"]["apps"] == {"LiveApp": {}, "events": {}}


def gather_of(call, home, **arguments):
    result = call(facts, home=str(home), **arguments)
    assert not result["failed"]
    return result["ansible_facts"]["antmedia"]


def test_evidence_of_a_host_without_a_server(call, tmp_path):
    found = gather_of(call, tmp_path / "nothing", evidence=True)
    fault = f"home: {tmp_path}/nothing is not a folder; set antmedia_home to where the server is"
    assert (found["home"], found["faults"]) == (str(tmp_path / "nothing"), [fault])
    assert "version" not in found
    assert found["evidence"]["paths"] is None and found["evidence"]["machine"]["name"]


def test_evidence_of_what_may_be_read_in_part(call, home, monkeypatch):
    read = _files.read_file

    def refuse(path):
        if path.endswith(("conf/red5.properties", "events/WEB-INF/red5-web.properties")):
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(_files, "read_file", refuse)
    before = call(facts, home=str(home))
    assert before["failed"] and len(before["faults"]) == 2
    found = gather_of(call, home, evidence=True)
    assert found["faults"] == before["faults"]
    assert (found["server"], found["fingerprints"]) == (None, None)
    assert list(found["apps"]) == ["LiveApp"]
    assert found["proxies"] is not None
