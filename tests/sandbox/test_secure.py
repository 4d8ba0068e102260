"""The settings module and the secure role against the real server, by real requests."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.kit import play
from tests.kit.places import ROOT

pytestmark = pytest.mark.sandbox

PYTHON = Path(sys.executable)
OTHER = "127.0.0.3"  # an address of this machine that no list names

MANAGEMENT = "test-only-management-0123456789-abcdef"
REST = "test-only-rest-0123456789-abcdefghijkl"
ADMIN = {"email": "admin@example.net", "password": "test-only-password-of-nobody"}
BASE = {
    "dashboard_cidrs": ["127.0.0.1"],
    "management_jwt": True,
    "app_defaults": {"rest_cidrs": ["127.0.0.1", "127.0.0.2"], "rest_jwt": True},
    "secrets": {
        "management": MANAGEMENT,
        "app_defaults": {"rest": REST},
        "admin": ADMIN,
    },
}
# What a prediction and the run it predicts have to agree in.
PREDICTED = ("changed", "changes", "way", "reasons", "restart_required", "drift")


def token(secret, seconds=600):
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    claims = json.dumps({"exp": int(time.time()) + seconds}).encode()
    signed = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(claims)
    return (
        signed + b"." + encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest())
    ).decode()


def environment():
    return play.environment(
        PATH=f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
        ANSIBLE_PYTHON_INTERPRETER=str(PYTHON),
        ANSIBLE_NOCOLOR="1",
    )


class Server:
    """A sandbox, with the module and the role on it."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.facts = sandbox.facts

    # -- the module and the role --

    def module(self, name, *flags, **arguments):
        """Run a module as a task would, without any of its changes of mind; its result."""
        arguments["home"] = str(self.sandbox.home)
        command = [
            "ansible",
            "localhost",
            "-i",
            "localhost,",
            "-c",
            "local",
            "--one-line",
            "--diff",
        ]
        done = subprocess.run(
            [*command, *flags, "-m", "streamward.antmedia." + name, "-a", json.dumps(arguments)],
            env=environment(),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        found = re.search(r"^localhost \| (\S+) => (\{.*\})$", done.stdout, re.MULTILINE)
        assert found, done.stdout + done.stderr
        for secret in (MANAGEMENT, REST, ADMIN["password"]):
            assert secret not in done.stdout + done.stderr
        # Ad-hoc output says it before the result, not in it.
        return {**json.loads(found.group(2)), "failed": found.group(1) == "FAILED!"}

    def secure(self, *flags, **policy):
        """What the settings module makes of a policy on top of the base; None leaves a key out."""
        arguments = {
            "service_manager": "command",
            "service_commands": {verb: self.facts[verb] for verb in ("start", "stop")},
            **BASE,
            **policy,
        }
        given = {name: value for name, value in arguments.items() if value is not None}
        return self.module("settings", *flags, **given)

    def memory(self):
        """What the facts say of the running server, asked as its admin."""
        found = self.module("facts", secrets={"admin": ADMIN})
        return found["ansible_facts"]["antmedia"]["memory"]

    def check(self, **policy):
        return self.secure("--check", **policy)

    def play(self, *flags, **policy):
        """Run the playbook; the counters of its recap."""
        variables = {f"antmedia_{key}": value for key, value in {**BASE, **policy}.items()}
        variables.update(
            antmedia_home=str(self.sandbox.home),
            antmedia_service_manager="command",
            antmedia_service_commands={verb: self.facts[verb] for verb in ("start", "stop")},
            antmedia_prove=False,
        )
        done = play.run(
            "localhost,",
            "secure.yml",
            *("-c", "local", *flags, "-e", json.dumps(variables)),
            env=environment(),
            stdin=subprocess.DEVNULL,
        )
        found = re.search(r"^localhost +: (.*)$", done.stdout, re.MULTILINE)
        assert found, done.stdout
        return {key: int(number) for key, number in re.findall(r"(\w+)=(\d+)", found.group(1))}

    # -- requests --

    def request(self, path, method="GET", source="127.0.0.1", body=None, **headers):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.sandbox.http_port, timeout=30, source_address=(source, 0)
        )
        try:
            data = None if body is None else json.dumps(body)
            if data:
                headers["Content-Type"] = "application/json"
            connection.request(method, path, body=data, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def panel(self, source="127.0.0.1"):
        return self.request("/rest/v2/liveness", source=source)[0]

    def rest(self, app="LiveApp", source="127.0.0.1", secret=REST, seconds=600):
        headers = {} if secret is None else {"Authorization": token(secret, seconds)}
        return self.request(f"/{app}/rest/v2/version", source=source, **headers)[0]

    def held(self, app="LiveApp"):
        """What the running server holds."""
        status, text = self.request(
            f"/rest/v2/applications/settings/{app}", ProxyAuthorization=token(MANAGEMENT)
        )
        assert status == 200
        return json.loads(text)

    def post(self, app="LiveApp", **changes):
        """A save as the panel does it, after which the server rewrites the whole file."""
        status, text = self.request(
            f"/rest/v2/applications/settings/{app}",
            "POST",
            body={**self.held(app), **changes},
            ProxyAuthorization=token(MANAGEMENT),
        )
        assert (status, json.loads(text)["success"]) == (200, True)

    # -- files --

    def text(self, app=None):
        return self.sandbox.properties(app).read_text("latin-1")

    def files(self):
        """Bytes, mode and owner of every settings file, and what lies beside them."""
        found = {}
        for app in (None, *self.sandbox.apps()):
            path = self.sandbox.properties(app)
            status = path.stat()
            found[app] = (path.read_bytes(), status.st_mode, status.st_uid, status.st_gid)
        beside = {path.name for path in self.sandbox.home.rglob(".*streamward*")}
        # That what a play has changed is not proved is meant to stay.
        found["left over"] = sorted(beside - {".streamward-unproved"})
        return found

    def pid(self):
        return self.sandbox.pid()


@pytest.fixture(scope="module")
def first(sandboxes):
    """A server as shipped, its first prediction and its first run."""
    sandbox = sandboxes(apps=["LiveApp", "events"])
    sandbox.start()
    sandbox.wait_ready()
    server = Server(sandbox)
    server.files_as_shipped = server.files()
    server.before = {
        "panel from elsewhere": server.panel(OTHER),
        "REST without a token": server.rest(secret=None),
    }
    server.predicted = server.check()
    server.files_predicted = server.files()
    server.real = server.secure()
    return server


@pytest.fixture
def server(first):
    """The same server, with the base policy before and after each test."""
    yield first
    result = first.secure(live_streams="drop")
    assert not result["failed"], result["msg"]
    assert first.files()["left over"] == []


def same(prediction, run):
    assert {key: prediction[key] for key in PREDICTED} == {key: run[key] for key in PREDICTED}


# --- from the shipped state to the policy ---


def test_a_check_changes_nothing_and_predicts_the_run_exactly(first):
    assert first.files_predicted == first.files_as_shipped
    assert first.predicted["changed"]
    assert (first.predicted["way"], first.predicted["starts"]) == ("restart", 0)
    same(first.predicted, first.real)
    assert first.real["starts"] >= 1
    reasons = {change["reason"] for change in first.real["changes"]}
    assert reasons == {"value", "explicit", "access"}
    assert not first.real["unclaimed"]


def test_settings_take_effect(server):
    assert server.before == {"panel from elsewhere": 200, "REST without a token": 200}
    assert (server.panel(), server.panel(OTHER)) == (200, 403)
    for app in ("LiveApp", "events"):
        assert server.rest(app) == 200
        assert server.rest(app, source="127.0.0.2") == 200
        assert server.rest(app, source=OTHER) == 403
        assert server.rest(app, secret=None) == 403
        assert server.rest(app, secret=REST[::-1]) == 403
        assert server.rest(app, seconds=-60) == 403
    assert server.held()["jwtControlEnabled"] is True
    status, _body = server.request("/rest/v2/applications", ProxyAuthorization=token(REST))
    assert status == 403


def test_the_file_is_edited_in_place(first):
    shipped = first.files_as_shipped["LiveApp"][0].decode("latin-1").splitlines()
    now = first.text("LiveApp").splitlines()
    assert now[: len(shipped)] == shipped
    assert now[len(shipped) :] == [
        "remoteAllowedCIDR=127.0.0.1,127.0.0.2",
        "ipFilterEnabled=true",
        "jwtControlEnabled=true",
        f"jwtSecretKey={REST}",
    ]
    assert first.sandbox.properties("LiveApp").stat().st_mode & 0o007 == 0


def test_a_second_run_changes_nothing(server):
    before, pid = server.files(), server.pid()
    for result in (server.secure(), server.check()):
        assert (result["changed"], result["changes"], result["way"]) == (False, [], "none")
        assert (result["drift"], result["healed"]) == ({}, [])
    assert (server.files(), server.pid()) == (before, pid)


def test_the_role_changes_nothing_either(server):
    for flags in ([], ["--check"]):
        counters = server.play(*flags)
        assert (counters["changed"], counters["failed"]) == (0, 0)
        assert counters["ok"] >= 1


def test_the_server_holds_what_its_files_say(server):
    assert server.memory() == {"known": True, "differs": {}, "unfinished": False, "overrides": []}


# --- the first start of all ---


@pytest.fixture
def untouched(sandboxes):
    """A server that was never started, with one application."""
    server = Server(sandboxes(apps=["LiveApp"]))
    yield server
    server.sandbox.stop()


def test_the_first_start_with_an_admin_account_only(untouched):
    others = {word: secret for word, secret in BASE["secrets"].items() if word != "management"}
    policy = {"management_jwt": None, "secrets": others}
    result = untouched.secure(**policy)
    assert not result["failed"], result["msg"]
    assert (result["starts"], result["unclaimed"]) == (1, False)
    assert (untouched.rest(secret=None), untouched.panel(OTHER)) == (403, 403)
    for again in (untouched.secure(**policy), untouched.check(**policy)):
        assert (again["changed"], again["failed"]) == (False, False)
    # By the account that was made, and nothing of the shipped files is held otherwise.
    assert untouched.memory() == {
        "known": True,
        "differs": {},
        "unfinished": False,
        "overrides": [],
    }


def test_the_first_start_without_any_account(untouched):
    """Nobody but the operator can become the admin until there is one."""
    nobody = {key: BASE["secrets"][key] for key in ("management", "app_defaults")}
    policy = {"dashboard_cidrs": None, "secrets": nobody}
    prediction = untouched.check(**policy)
    result = untouched.secure(**policy)
    same(prediction, result)
    assert not result["failed"], result["msg"]
    assert result["unclaimed"]
    changes = {change["key"]: change["new"] for change in result["changes"]}
    assert "127.0.0.1" in changes["server.allowed_dashboard_CIDR"].split(",")
    assert (untouched.panel(), untouched.panel(OTHER)) == (200, 403)
    again = untouched.secure(**policy)
    assert (again["changed"], again["unclaimed"]) == (False, True)
    claimed = untouched.secure(dashboard_cidrs=None)
    assert (claimed["changed"], claimed["starts"], claimed["unclaimed"]) == (True, 0, False)


# --- the server's own rewriting ---


@pytest.mark.long
def test_a_second_run_changes_nothing_after_the_server_has_rewritten_its_files(server):
    for app in ("LiveApp", "events"):
        server.post(app)
    assert server.text("LiveApp").startswith("#")
    assert "# period in milliseconds" not in server.text("LiveApp")
    assert "\nhlsTime=" in server.text("LiveApp")  # it wrote all it holds
    before, pid = server.files(), server.pid()
    result = server.secure()
    assert (result["changed"], result["changes"], result["way"]) == (False, [], "none")
    assert (server.files(), server.pid()) == (before, pid)
    server.sandbox.restart()
    assert (server.rest(), server.rest(secret=None)) == (200, 403)
    assert not server.secure()["changed"]


# --- live ---


def test_a_live_change_needs_no_restart(server):
    pid, started = server.pid(), time.time()
    policy = {
        "apps": {
            "events": {
                "rest_cidrs": ["127.0.0.1"],
                "settings": {
                    "customSettings": {"a": {"b": [1]}},
                    "hlsTime": 4,
                    "gopSize": 50,
                    "encoderSettingsString": "360,500000,32000",
                },
            }
        }
    }
    prediction = server.check(**policy)
    assert server.rest("events", source="127.0.0.2") == 200
    result = server.secure(**policy)
    same(prediction, result)
    assert (result["way"], result["starts"], result["reasons"]) == ("live", 0, [])
    assert started < result["switched_at"] < time.time()
    assert server.pid() == pid
    assert server.rest("events", source="127.0.0.2") == 403
    assert server.rest("LiveApp", source="127.0.0.2") == 200
    held = server.held("events")
    assert (held["customSettings"], held["hlsTime"], held["gopSize"]) == (
        {"a": {"b": [1]}},
        "4",
        50,
    )
    assert held["encoderSettings"][0]["height"] == 360
    assert not server.secure(**policy)["changed"]
    assert server.memory()["differs"] == {}
    # In force and on disk: a restart makes no difference.
    server.sandbox.restart()
    assert not server.secure(**policy)["changed"]
    shipped = {"customSettings": {}, "hlsTime": 2, "gopSize": 0, "encoderSettingsString": ""}
    assert server.secure(apps={"events": {"settings": shipped}})["way"] == "live"
    assert server.memory()["differs"] == {}


def test_a_new_secret_goes_live(server):
    new = REST.replace("only", "next")
    pid = server.pid()
    secrets = {**BASE["secrets"], "apps": {"events": {"rest": new}}}
    result = server.secure(secrets=secrets)
    assert result["way"] == "live"
    assert server.pid() == pid
    assert [server.rest("events", secret=secret) for secret in (new, REST)] == [200, 403]
    assert [server.rest("LiveApp", secret=secret) for secret in (new, REST)] == [403, 200]


# --- drift ---


def test_what_the_server_holds_otherwise_is_healed(server):
    """As after a start that came up open: the file is right, and the server does not hold it."""
    path = server.sandbox.properties("events")
    right = path.read_bytes()
    server.post("events", jwtControlEnabled=False, remoteAllowedCIDR="0.0.0.0/0")
    path.write_bytes(right)
    pid = server.pid()
    assert server.rest("events", secret=None, source=OTHER) == 200
    prediction = server.check()
    result = server.secure()
    same(prediction, result)
    assert (result["way"], result["changes"]) == ("live", [])
    assert result["drift"] == {"events": ["remoteAllowedCIDR", "jwtControlEnabled"]}
    assert result["healed"] == ["events"]
    assert server.rest("events", secret=None) == 403
    assert server.rest("events", source=OTHER) == 403
    assert path.read_bytes() == right
    assert server.pid() == pid
    assert not server.secure()["changed"]


def test_what_the_policy_names_is_healed_whatever_it_decides(server):
    path = server.sandbox.properties("events")
    right = path.read_bytes()
    server.post("events", hlsTime="7")
    path.write_bytes(right)
    assert server.memory()["differs"] == {"events": ["hlsTime"]}
    policy = {"apps": {"events": {"settings": {"hlsTime": 2}}}}
    result = server.secure(**policy)
    assert (result["way"], result["drift"]) == ("live", {"events": ["hlsTime"]})
    assert server.held("events")["hlsTime"] == "2"
    assert server.memory()["differs"] == {}
    assert not server.secure(**policy)["changed"]


def test_a_file_that_somebody_has_edited_is_healed(server):
    path = server.sandbox.properties("events")
    text = path.read_text("latin-1")
    path.write_text(text.replace("jwtControlEnabled=true", "jwtControlEnabled=false"), "latin-1")
    result = server.secure()
    assert (result["way"], result["changed"]) == ("live", True)
    assert [(c["app"], c["key"], c["new"]) for c in result["changes"]] == [
        ("events", "jwtControlEnabled", "true")
    ]
    assert server.rest("events", secret=None) == 403
    assert not server.secure()["changed"]


def test_a_stale_twin_goes(server):
    path = server.sandbox.properties("events")
    path.write_text(path.read_text("latin-1") + "settings.jwtControlEnabled=false\n", "latin-1")
    pid = server.pid()
    result = server.secure()
    assert [(c["key"], c["reason"]) for c in result["changes"]] == [
        ("settings.jwtControlEnabled", "twin")
    ]
    assert (result["way"], server.pid()) == ("none", pid)
    assert "settings.jwtControlEnabled" not in path.read_text("latin-1")


# --- deferred ---


@pytest.mark.long
def test_a_deferred_change_waits_for_the_next_run(server):
    pid = server.pid()
    policy = {"dashboard_cidrs": ["127.0.0.1", "127.0.0.4"]}
    prediction = server.check(apply="defer", **policy)
    result = server.secure(apply="defer", **policy)
    same(prediction, result)
    assert (result["way"], result["restart_required"], result["starts"]) == ("defer", True, 0)
    assert (server.pid(), server.panel("127.0.0.4")) == (pid, 403)
    assert "CIDR=127.0.0.1,127.0.0.4" in server.text()
    again = server.secure(apply="defer", **policy)
    assert (again["changed"], again["restart_required"]) == (False, True)
    result = server.secure(**policy)
    assert (result["way"], result["changes"]) == ("restart", [])
    assert server.pid() != pid
    assert server.panel("127.0.0.4") == 200


# --- a server that does not come up ---


@pytest.mark.long
def test_a_server_without_rtmp_is_rolled_back_with_its_own_lines(server):
    """The server runs on when it cannot open the port, and nobody can publish."""
    before = server.files()
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # and nobody listens there
        bad = {
            "server_settings": {"rtmp.port": held.getsockname()[1]},
            "apps": {"events": {"settings": {"hlsTime": 9}}},
        }
        result = server.secure(**bad)
    assert result["failed"]
    assert result["changed"] is False
    assert "nothing listens for RTMP publishers" in result["msg"]
    assert "the previous files were put back and the server runs with them" in result["msg"]
    assert any("BindException" in line for line in result["server_log"]), result
    assert all(line in result["msg"] for line in result["server_log"])
    assert server.files() == before
    assert server.pid()
    assert (server.rest(), server.rest(secret=None), server.panel(OTHER)) == (200, 403, 403)


@pytest.mark.long
def test_a_taken_port_is_rolled_back(server):
    before = server.files()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = server.secure(server_settings={"http.port": port}, ready_timeout=45)
    assert result["failed"]
    assert "the previous files were put back and the server runs with them" in result["msg"]
    assert server.files() == before
    assert (server.rest(), server.panel(OTHER)) == (200, 403)


@pytest.mark.long
def test_an_application_that_cannot_start_is_rolled_back(server):
    """Of a value that only the server itself knows to be bad."""
    before = server.files()
    bad = {"apps": {"events": {"settings": {"participantVisibilityMatrix": {"a": {"b": "c"}}}}}}
    result = server.secure(apply="restart", ready_timeout=60, **bad)
    assert result["failed"]
    assert "events" in result["msg"]
    assert "the previous files were put back and the server runs with them" in result["msg"]
    assert server.files() == before
    assert server.rest("events") == 200


@pytest.mark.long
def test_a_server_on_one_address_whose_panel_lets_nobody_in(server):
    """It refuses whoever asks it, and is proved by what it says in its log."""
    was = re.search(r"^http\.host=(.*)$", server.text(), re.MULTILINE).group(1)
    result = server.secure(
        server_settings={"http.host": "127.0.0.5"}, dashboard_cidrs="deny_all", allow_lockout=True
    )
    try:
        assert (result["failed"], result["way"], result["starts"]) == (False, "restart", 1), result
        port = server.sandbox.http_port
        with pytest.raises(ConnectionRefusedError):
            server.panel()
        with socket.create_connection(("127.0.0.5", port), 5) as there:
            there.sendall(b"GET /rest/v2/liveness HTTP/1.0\r\n\r\n")
            assert there.recv(100).split()[1] == b"403"
    finally:
        result = server.secure(server_settings={"http.host": was})
    assert (result["failed"], result["starts"]) == (False, 1), result
    assert (server.rest(), server.panel()) == (200, 200)


# --- people on air ---


@contextlib.contextmanager
def publisher(server, stream="s1", app="events"):
    """A publisher that sends in real time until the block is left; yields its process."""
    ffmpeg = shutil.which("ffmpeg")
    if not ffmpeg:
        pytest.fail("ffmpeg is missing (Debian, Ubuntu: apt install ffmpeg)", pytrace=False)
    url = f"rtmp://127.0.0.1:{server.sandbox.rtmp_port}/{app}/{stream}"
    picture = ["-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-t", "600"]
    encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "flv", url]
    command = [ffmpeg, "-nostdin", "-loglevel", "error", *picture, *encoder]
    path = f"/{app}/rest/v2/broadcasts/list/0/50"
    for _attempt in range(10):  # a busy machine makes the server refuse publishers
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            for _wait in range(40):
                time.sleep(0.5)
                _status, text = server.request(path, Authorization=token(REST))
                if process.poll() is not None or '"status":"broadcasting"' in text:
                    break
            if process.poll() is None:
                yield process
                return
        finally:
            process.terminate()
            process.wait()
    pytest.fail("the server does not take the publisher")


@pytest.mark.long
def test_nobody_is_thrown_off_air_unasked(server):
    policy = {"dashboard_cidrs": ["127.0.0.1", "127.0.0.5"]}
    before, pid = server.files(), server.pid()
    with publisher(server) as process:
        for run in (server.check, server.secure):
            result = run(**policy)
            assert result["failed"]
            assert result["msg"].endswith("set antmedia_live_streams to drain or drop")
            assert "events: 1 publisher (s1), 0 viewers" in result["msg"]
            assert result["audience"][0]["streams"] == ["s1"]
        waiting = server.secure(live_streams="drain", **policy)
        assert (waiting["waiting"], waiting["changed"]) == (True, False)
        assert (server.files(), server.pid()) == (before, pid)
        # What goes live throws nobody off air.
        live = server.secure(apps={"events": {"settings": {"hlsTime": 3}}})
        assert (live["way"], live["changed"], server.pid()) == ("live", True, pid)
        time.sleep(1)
        assert process.poll() is None
        result = server.secure(live_streams="drop", **policy)
        assert not result["failed"]
        assert result["audience"][0]["publishers"] == 1
        assert server.panel("127.0.0.5") == 200
    server.secure(apps={"events": {"settings": {"hlsTime": 2}}})


# --- two at once ---


@pytest.mark.long
def test_two_runs_at_once_are_one_after_the_other(server):
    pid = server.pid()
    policies = [{"apps": {"events": {"settings": {"gopSize": size}}}} for size in (10, 20)]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda policy: server.secure(**policy), policies))
    assert [result["changed"] for result in results] == [True, True]
    assert "left over" in server.files()
    assert server.files()["left over"] == []
    size = server.held("events")["gopSize"]
    assert size in (10, 20)
    assert f"gopSize={size}\n" in server.text("events")
    assert server.pid() == pid
    server.secure(apps={"events": {"settings": {"gopSize": 0}}})


# --- a killed run ---


@pytest.mark.long
def test_a_killed_run_is_finished_by_the_next(server):
    """Killed when its files are in place and the server has not read them."""
    policy = {"dashboard_cidrs": ["127.0.0.1", "127.0.0.6"]}
    server.secure(apply="defer", **policy)  # leaves the host as such a run does
    assert server.files()["left over"] == [".red5.properties.streamward-old"]
    server.sandbox.stop()  # and killed before it could start the server again
    result = server.secure(**policy)
    assert (result["way"], result["starts"]) == ("restart", 1)
    assert server.panel("127.0.0.6") == 200
    assert server.files()["left over"] == []
