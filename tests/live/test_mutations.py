"""Take each control away by hand, on a real server: the proof has to notice every time.

Each application of one host gets a mutation of its own, all in one start of the server; what
concerns the whole server is done on a second host, a start each. Applications left as they are must
stay green in the same run.
"""

from __future__ import annotations

import json
import re
import subprocess
import time

import pytest

from tests.kit import hosts
from tests.kit.outside import Server, sign

pytestmark = pytest.mark.live

ENFORCED, NOT_ENFORCED, CANNOT_TELL = "enforced", "not enforced", "cannot tell"
REST = "test-only-rest-secret-of-the-live-tests"
STREAM = "test-only-stream-secret-of-live-tests"
MANAGEMENT = "test-only-management-secret-of-live-tests"
OLD = "test-only-secret-from-before-a-rotation"

POLICY = {
    "antmedia_dashboard_cidrs": ["127.0.0.1", "127.0.0.16/28", "203.0.113.0/24"],
    "antmedia_trusted_proxies": [],
    "antmedia_app_defaults": {
        "rest_cidrs": ["127.0.0.1", "127.0.0.16/28", "198.51.100.0/24"],
        "rest_jwt": True,
        "publish": "jwt",
        "play": "jwt",
        "publisher_cidrs": ["127.0.0.1", "127.0.0.16/28"],
    },
    "antmedia_previous_secrets": {
        "management": OLD + "-management",
        "app_defaults": {"rest": OLD + "-rest", "stream": OLD + "-stream"},
    },
    "antmedia_verify_accept": ["webrtc-*"],
}


def keys(**changes):
    """Set keys of an application's file, or take them out."""

    def mutate(server, app):
        edit(server.file(app), changes)

    return mutate


def edit(path, changes):
    lines = path.read_text("iso-8859-1").splitlines()
    for key, value in changes.items():
        lines = [line for line in lines if not re.match(re.escape(key) + r"\s*[=:]", line)]
        if value is not None:
            lines.append(f"{key}={value}")
    with path.open("r+b") as file:  # owner, mode and inode stay
        file.truncate()
        file.write(("\n".join(lines) + "\n").encode("iso-8859-1"))


def twin(key, value):
    """A spelling that wins by accident, beside the one that was meant."""

    def mutate(server, app):
        edit(server.file(app), {key: value, "settings." + key: "true"})

    return mutate


def no_filter(name):
    """Take the mapping of a filter out of an application's web.xml."""

    def mutate(server, app):
        path = server.file(app).with_name("web.xml")
        mapping = rf"<filter-mapping>\s*<filter-name>{name}</filter-name>.*?</filter-mapping>"
        text, count = re.subn(mapping, "", path.read_text(), flags=re.DOTALL)
        assert count, name
        path.write_text(text)

    return mutate


# What is done to one application, the control that has to notice, and what it must say.
MUTATIONS = [
    ("key removed", keys(jwtControlEnabled=None), "rest-jwt", NOT_ENFORCED),
    (
        "wrong spelling",
        keys(jwtControlEnabled=None, jwtcontrolEnabled="true"),
        "rest-jwt",
        NOT_ENFORCED,
    ),
    ("stale twin wins", twin("jwtControlEnabled", "false"), "rest-jwt", NOT_ENFORCED),
    ("secret blank", keys(jwtSecretKey=""), "rest-jwt", NOT_ENFORCED),
    ("old REST secret", keys(jwtSecretKey=OLD + "-rest"), "rest-jwt", NOT_ENFORCED),
    ("REST filter off", keys(ipFilterEnabled="false"), "rest-address", NOT_ENFORCED),
    ("REST list open", keys(remoteAllowedCIDR="0.0.0.0/0"), "rest-address", NOT_ENFORCED),
    (
        "REST list one bit wider",
        keys(remoteAllowedCIDR="127.0.0.1,127.0.0.16/28,198.51.100.0/23"),
        "rest-address",
        NOT_ENFORCED,
    ),
    (
        "REST list one bit narrower",
        keys(remoteAllowedCIDR="127.0.0.1,127.0.0.16/28,198.51.100.0/25"),
        "rest-address",
        NOT_ENFORCED,
    ),
    (
        "REST list with a blank behind it",
        keys(remoteAllowedCIDR="127.0.0.1,127.0.0.16/28,198.51.100.0/24 "),
        "rest-address",
        NOT_ENFORCED,
    ),
    ("REST list blank", keys(remoteAllowedCIDR=""), "rest-address", NOT_ENFORCED),
    ("REST list default", keys(remoteAllowedCIDR=None), "rest-address", NOT_ENFORCED),
    ("play off", keys(playJwtControlEnabled="false"), "play", NOT_ENFORCED),
    ("publish key removed", keys(publishJwtControlEnabled=None), "publish", NOT_ENFORCED),
    ("old stream secret", keys(jwtStreamSecretKey=OLD + "-stream"), "play", NOT_ENFORCED),
    ("stream secret too short", keys(jwtStreamSecretKey=STREAM[:31]), "publish", NOT_ENFORCED),
    ("two kinds of tokens", keys(playTokenControlEnabled="true"), "play", NOT_ENFORCED),
    ("publisher list gone", keys(allowedPublisherCIDR=""), "publisher-address", NOT_ENFORCED),
    (
        "publisher list one bit wider",
        keys(allowedPublisherCIDR="127.0.0.1,127.0.0.16/27"),
        "publisher-address",
        NOT_ENFORCED,
    ),
    ("application broken", keys(ipFilterEnabled="maybe"), "rest-jwt", CANNOT_TELL),
    ("REST token filter gone", no_filter("RestJWTAuthenticationFilter"), "rest-jwt", NOT_ENFORCED),
    ("REST address filter gone", no_filter("IPFilter"), "rest-address", NOT_ENFORCED),
    ("stream token filter gone", no_filter("TokenFilter"), "play", NOT_ENFORCED),
]
BROKEN = {name for name, _mutate, _control, outcome in MUTATIONS if outcome == CANNOT_TELL}

# What is done in the memory of the running server only; the file says what it should.
DEFAULTS = {
    "publishJwtControlEnabled": False,
    "playJwtControlEnabled": False,
    "jwtStreamSecretKey": "",
    "jwtControlEnabled": False,
    "jwtSecretKey": "",
    "remoteAllowedCIDR": "127.0.0.1",
    "allowedPublisherCIDR": "",
}
IN_MEMORY = [
    ("old stream secret in memory", {"jwtStreamSecretKey": OLD + "-stream"}, "play"),
    ("old REST secret in memory", {"jwtSecretKey": OLD + "-rest"}, "rest-jwt"),
    ("REST tokens off in memory", {"jwtControlEnabled": False}, "rest-jwt"),
    ("came up with its defaults", DEFAULTS, "play"),
]


def server_keys(**changes):
    changes = {"server." + key: value for key, value in changes.items()}

    def mutate(server):
        edit(server.file(), changes)

    return mutate


def proxies_as_shipped(server):
    path = server.home / "conf/jee-container.xml"
    text, count = re.subn(r'<property name="internalProxies"[^>]*/>', "", path.read_text())
    assert count == 1
    path.write_text(text)


def environment(server):
    """A variable of the unit, which overrules the file of every application."""
    folder = "/etc/systemd/system/antmedia.service.d"
    text = "[Service]\nEnvironment=jwtControlEnabled=false\n"
    server.call("sh", "-c", f"mkdir -p {folder}; printf '{text}' >{folder}/override.conf")
    server.call("systemctl", "daemon-reload")


def no_environment(server):
    server.call("rm", "-f", "/etc/systemd/system/antmedia.service.d/override.conf")
    server.call("systemctl", "daemon-reload")


SERVER_MUTATIONS = [
    ("panel open", server_keys(allowed_dashboard_CIDR="0.0.0.0/0"), "panel-address", NOT_ENFORCED),
    (
        "panel one bit wider",
        server_keys(allowed_dashboard_CIDR="127.0.0.1,127.0.0.16/28,203.0.113.0/23"),
        "panel-address",
        NOT_ENFORCED,
    ),
    (
        "panel with a blank behind the list",
        server_keys(allowed_dashboard_CIDR="127.0.0.1,127.0.0.16/28,203.0.113.0/24 "),
        "panel-address",
        NOT_ENFORCED,
    ),
    ("panel key gone", server_keys(allowed_dashboard_CIDR=None), "panel-address", None),
    (
        "management tokens off",
        server_keys(jwtServerControlEnabled="false"),
        "management-jwt",
        NOT_ENFORCED,
    ),
    (
        "old management secret",
        server_keys(jwtServerSecretKey=OLD + "-management"),
        "management-jwt",
        NOT_ENFORCED,
    ),
    ("proxies as shipped", proxies_as_shipped, "trusted-proxies", NOT_ENFORCED),
    ("environment overrules", environment, "rest-jwt", NOT_ENFORCED),
]


def restart(server, without=()):
    """Restart and wait for what can start; nothing is asked of an application before it has."""
    mark = hosts.log_size(server.name)
    server.call("systemctl", "restart", "antmedia.service")
    log = hosts.root(server.name) / "var/log/antmedia/ant-media-server.log"
    expected = set(server.applications) - set(without)
    deadline = time.monotonic() + 420  # many applications on a busy machine
    while time.monotonic() < deadline:
        text = log.read_bytes()[mark:].decode(errors="replace")
        started = all(f" {app} started" in text for app in expected)
        if started and server.request("/rest/v2/first-login-status").status:
            return
        time.sleep(0.3)
    raise AssertionError("the server did not come up")


class Proof:
    """Runs verify on one host and reads its report."""

    def __init__(self, fleet, server):
        self.fleet, self.server = fleet, server

    def __call__(self, passes, **variables):
        folder = self.fleet.folder / "reports"
        variables = {**POLICY, "antmedia_report_dir": str(folder), **variables}
        output = self.fleet.run("verify.yml", variables, check=False)
        report = json.loads((folder / "verify.json").read_text())
        assert report["passed"] is passes, output
        assert ("failed=0" in output) is passes, output
        for secret in (REST, STREAM, MANAGEMENT, OLD):
            assert secret not in output + json.dumps(report)
        return {
            (control["app"], control["name"]): (control["outcome"], control["reason"])
            for control in report["hosts"][0]["controls"]
            if not control["name"].startswith("webrtc-")
        }


def up(fleet_of, name, apps, folder):
    command = [hosts.COMMAND, "up", name, "--double", "--apps", ",".join(apps)]
    subprocess.run(command, check=True)
    fleet = fleet_of([name], folder)
    fleet.run("secure.yml", POLICY)
    return Proof(fleet, Server(name))


def down(name):
    subprocess.run([hosts.COMMAND, "down", name], check=False)


def app_names():
    mutated = [f"m{number:02}" for number in range(len(MUTATIONS) + len(IN_MEMORY))]
    return ["good1", "good2", *mutated]


@pytest.fixture
def many(fleet_of, tmp_path):
    name = "sw-mutations-apps"
    try:
        yield up(fleet_of, name, app_names(), tmp_path)
    finally:
        down(name)


@pytest.fixture(scope="module")
def whole(fleet_of, tmp_path_factory):
    name = "sw-mutations-server"
    try:
        yield up(fleet_of, name, ["LiveApp"], tmp_path_factory.mktemp("server"))
    finally:
        down(name)


def post(server, app, changes):
    """Change the memory of the running server, and put its file back as it was."""
    headers = {"ProxyAuthorization": sign(MANAGEMENT, exp=int(time.time()) + 60)}
    path = f"/rest/v2/applications/settings/{app}"
    before = server.file(app).read_bytes()
    held = server.request(path, **headers).json()
    answer = server.request(path, body={**held, **changes}, **headers).json()
    assert answer["success"], answer
    with server.file(app).open("r+b") as file:
        file.truncate()
        file.write(before)


def test_every_mutation_of_an_application_is_noticed(many):
    found = many(passes=True)
    assert {outcome for outcome, _reason in found.values()} == {ENFORCED}

    server, names = many.server, app_names()[2:]
    broken = []
    for app, (name, mutate, _control, _outcome) in zip(names, MUTATIONS):
        mutate(server, app)
        broken += [app] if name in BROKEN else []
    restart(server, broken)
    for app, (_name, changes, _control) in zip(names[len(MUTATIONS) :], IN_MEMORY):
        post(server, app, changes)

    found = many(passes=False)
    expected = [(name, control, outcome) for name, _mutate, control, outcome in MUTATIONS]
    expected += [(name, control, NOT_ENFORCED) for name, _changes, control in IN_MEMORY]
    missed = [
        (name, found[app, control])
        for app, (name, control, outcome) in zip(names, expected)
        if found[app, control][0] != outcome
    ]
    for app, (name, control, _outcome) in zip(names, expected):
        print(f"{name:36} {control:18} {': '.join(found[app, control])}")
    assert not missed
    untouched = {
        outcome for (app, _control), (outcome, _reason) in found.items() if app.startswith("good")
    }
    assert untouched == {ENFORCED}


@pytest.mark.long
@pytest.mark.parametrize(
    ("mutate", "control", "outcome"),
    [pytest.param(*mutation[1:], id=mutation[0]) for mutation in SERVER_MUTATIONS],
)
def test_every_mutation_of_the_server_is_noticed(whole, mutate, control, outcome):
    server = whole.server
    paths = [server.file(), server.home / "conf/jee-container.xml"]
    before = [path.read_bytes() for path in paths]
    try:
        mutate(server)
        restart(server)
        found = whole(passes=False)
    finally:
        for path, data in zip(paths, before):
            with path.open("r+b") as file:
                file.truncate()
                file.write(data)
        no_environment(server)
    key = next(key for key in found if key[1] == control)
    print(control, found[key])
    assert found[key][0] in ([outcome] if outcome else [NOT_ENFORCED, CANNOT_TELL])


@pytest.mark.long
def test_a_server_that_is_down_or_starting_is_never_green(whole):
    whole.server.call("systemctl", "stop", "antmedia.service")
    found = whole(passes=False)
    assert {outcome for outcome, _reason in found.values()} == {CANNOT_TELL}
    # A start that is held before it opens a port.
    hold = "systemctl start --no-block antmedia; sleep 0.5; systemctl kill --signal=STOP antmedia"
    whole.server.call("sh", "-c", hold)
    found = whole(passes=False, antmedia_ready_timeout=0)
    assert {outcome for outcome, _reason in found.values()} == {CANNOT_TELL}
    whole.server.call("systemctl", "kill", "--signal=CONT", "antmedia")
    restart(whole.server)
    assert {outcome for outcome, _reason in whole(passes=True).values()} == {ENFORCED}


@pytest.mark.long
def test_it_leaves_nothing_behind(whole):
    """No stream, no changed record, no changed file, no secret in any log."""
    server = whole.server
    headers = {"Authorization": sign(REST, exp=int(time.time()) + 600)}
    body = {"streamId": "registered", "name": "registered"}
    server.request("/LiveApp/rest/v2/broadcasts/create", body=body, **headers)

    def state():
        records = server.request("/LiveApp/rest/v2/broadcasts/list/0/50", **headers).json()
        folders = [server.home / "conf", server.home / "webapps"]
        paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return records, {path: path.read_bytes() for path in paths}

    before = state()
    assert len(before[0]) == 1
    assert {outcome for outcome, _reason in whole(passes=True).values()} == {ENFORCED}
    assert state() == before
    places = "/var/log /usr/local/antmedia/log /tmp /root"
    for secret in (REST, STREAM, MANAGEMENT, OLD):
        assert not server.call("sh", "-c", f"grep -rlF -- {secret} {places} || true")
    # Tokens are in the access log only, where they died with their minute.
    found = server.call("sh", "-c", f"grep -rlE 'eyJ[A-Za-z0-9_-]+[.]eyJ' {places} || true")
    assert all(path.endswith("_access.log") for path in found.split())
