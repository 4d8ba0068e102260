from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import apply as _apply
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import files as _files
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    lock as _lock,
    process as _process,
    service as _service,
    transaction as _transaction,
    unproved as _unproved,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    plan as _plan,
)
from ansible_collections.streamward.antmedia.plugins.modules import settings

HOST = platform.node()
COMMANDS = {"start": "true", "stop": "true"}
POLICY = {
    "dashboard_cidrs": ["127.0.0.1"],
    "management_jwt": True,
    "app_defaults": {"rest_jwt": True, "rest_cidrs": ["127.0.0.1"]},
    "service_manager": "command",
    "service_commands": COMMANDS,
    "ready_timeout": 1,
}


@pytest.fixture
def secrets(fake):
    return {
        "management": fake.SECRETS["management"],
        "app_defaults": {"rest": fake.SECRETS["rest"]},
    }


@pytest.fixture(autouse=True)
def from_nowhere(monkeypatch):
    monkeypatch.setattr(_process, "connected_from", list)


@pytest.fixture
def secure(call, home):
    """Run the module on the home."""

    def run(check=False, **arguments):
        return call(settings, check, home=str(home), **arguments)

    return run


@pytest.fixture
def faults(secure, home, fake):
    """The faults of a refused call, of which every sign but its error is missing."""

    def of(what="the policy cannot be carried out", check=False, **arguments):
        before = fake.snapshot(home)
        result = secure(check, **arguments)
        assert result["failed"]
        assert result["msg"] == "{0}: {1}, nothing was changed:\n{2}".format(
            HOST, what, "\n".join("- " + fault for fault in result["faults"])
        )
        assert not result.get("changed")
        assert fake.snapshot(home) == before
        return result["faults"]

    return of


# --- what must be refused, with every fault in one error and nothing written ---


BAD_INPUT = {
    "unknown application": (
        {"apps": {"LiveAp": {"rest_jwt": True}}},
        [
            "antmedia_apps.LiveAp: there is no application 'LiveAp' on this host; it has LiveApp,"
            " events"
        ],
    ),
    "unknown setting": (
        {"apps": {"events": {"settings": {"hlsTme": 4}}}},
        [
            "antmedia_apps.events.settings.hlsTme: is no setting of the server; did you mean"
            " hlsTime?"
        ],
    ),
    "unknown word": (
        {"app_defaults": {"rest_cidr": ["127.0.0.1"]}},
        ["antmedia_app_defaults.rest_cidr: is not known; did you mean rest_cidrs?"],
    ),
    "wrong type": (
        {"apps": {"events": {"settings": {"gopSize": "many"}}}},
        ["antmedia_apps.events.settings.gopSize: 'many' is no whole number"],
    ),
    "blank boolean": (
        {"app_defaults": {"rest_jwt": ""}, "apps": {"events": {"settings": {"h264Enabled": ""}}}},
        [
            "antmedia_app_defaults.rest_jwt: '' is no boolean; write true or false",
            "antmedia_apps.events.settings.h264Enabled: '' is no boolean; write true or false",
        ],
    ),
    "an application twice after layering": (
        {"host_apps": {"LiveApp": {}, " LiveApp": {}}},
        ["antmedia_host_apps. LiveApp: names the application LiveApp a second time"],
    ),
    "short secret": (
        {"management_jwt": True, "secrets": {"management": "sh0rt-One"}},
        ["antmedia_secrets.management: has 9 characters, at least 32 are needed"],
    ),
    "secret that breaks the file": (
        {"management_jwt": True, "secrets": {"management": "back\\slash-0123456789-abcdefghij-x"}},
        ["antmedia_secrets.management: has a backslash or a quote"],
    ),
    "secret that Java would expand": (
        {"management_jwt": True, "secrets": {"management": "expand-${x}-0123456789-abcdefghij-x"}},
        [
            "antmedia_secrets.management: has ${ or #{, which the server would expand or execute",
        ],
    ),
    "well-known secret": (
        {"management_jwt": True, "secrets": {"management": sorted(_secret.KNOWN_SAMPLES)[0]}},
        ["antmedia_secrets.management: is a published sample that anybody can sign with"],
    ),
    "the same secret in two realms": (
        {
            "management_jwt": True,
            "app_defaults": {"rest_jwt": True},
            "secrets": {
                "management": "the-same-0123456789-abcdefghij-xx",
                "app_defaults": {"rest": "the-same-0123456789-abcdefghij-xx"},
            },
        },
        [
            "antmedia_secrets.app_defaults.rest, antmedia_secrets.management: the same secret"
            " serves two realms; give each its own"
        ],
    ),
    "no secret": (
        {"management_jwt": True},
        [
            "antmedia_management_jwt: needs a secret; the playbook streamward.antmedia.secrets"
            " makes it where antmedia_secret_store is set, else set antmedia_secrets.management"
        ],
    ),
    "host bits": (
        {"dashboard_cidrs": ["10.1.2.3/8"]},
        [
            "antmedia_dashboard_cidrs: '10.1.2.3/8' has host bits set: write 10.0.0.0/8 for the"
            " block, or 10.1.2.3 for the address"
        ],
    ),
    "host name": (
        {"app_defaults": {"rest_cidrs": ["panel.example.net"]}},
        [
            "antmedia_app_defaults.rest_cidrs: 'panel.example.net' is a host name, which the"
            " server looks up on every request: write its addresses"
        ],
    ),
    "empty list": (
        {"dashboard_cidrs": []},
        [
            "antmedia_dashboard_cidrs: the list is empty, which would deny everybody: name who is"
            " let in (127.0.0.1 for this host alone), or say with deny_all that it is meant"
        ],
    ),
    "prefix too wide": (
        {"dashboard_cidrs": ["0.0.0.0/1"]},
        [
            "antmedia_dashboard_cidrs: '0.0.0.0/1' is wider than the widest IPv4 prefix allowed,"
            " which is /8: narrow it, or set antmedia_widest_prefix"
        ],
    ),
    "a boot guard without systemd": (
        {"boot_guard": True, "management_jwt": None, "service_manager": "none"},
        [
            "antmedia_boot_guard: systemd does not start this server (service manager none); leave"
            " it out"
        ],
    ),
    "operator locked out": (
        {"dashboard_cidrs": ["127.0.0.1"], "operator_cidrs": ["192.0.2.9"]},
        [
            "antmedia_dashboard_cidrs: would lock out 192.0.2.9 (antmedia_operator_cidrs); add it,"
            " or set antmedia_allow_lockout: true"
        ],
    ),
    "not enforced by this edition": (
        {"apps": {"LiveApp": {"publish": "one_time"}}},
        [
            "antmedia_apps.LiveApp.publish: 'one_time': the Community edition accepts"
            " publishTokenControlEnabled and does not enforce it; use the Enterprise edition, or"
            " set antmedia_unenforceable: warn"
        ],
    ),
    "two kinds of token on one direction": (
        {"apps": {"LiveApp": {"publish": ["jwt", "totp"]}}},
        [
            "antmedia_apps.LiveApp.publish: ['jwt', 'totp']: the server takes one kind of token a"
            " direction; name one of none, jwt, one_time, hash, totp"
        ],
    ),
    "no window": (
        {"maintenance_window": "at night"},
        [
            "antmedia_maintenance_window: 'at night' is no window; write for example '02:00-04:30'"
            " or 'sat,sun 23:00-05:00'"
        ],
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
@pytest.mark.parametrize("check", [False, True])
def test_bad_input(faults, case, check):
    arguments, expected = BAD_INPUT[case]
    assert faults(check=check, **arguments) == expected


def test_all_bad_input_in_one_error(faults):
    """Each with another variable, so that all fit into one call."""
    found = faults(
        dashboard_cidrs=["10.1.2.3/8"],
        management_jwt=True,
        server_settings={"http.port": "x"},
        app_defaults={"rest_jwt": ""},
        apps={"nope": {}, "LiveApp": {"play": ["jwt", "totp"]}},
        group_apps={"events": {"settings": {"hlsTme": 1}}},
        host_apps={"LiveApp": {"rest_cidrs": ["x.example.net"]}},
        secrets={"management": "sh0rt-One"},
        maintenance_window="never",
    )
    assert len(found) == 9
    variables = [
        "maintenance_window",
        "dashboard_cidrs",
        "server_settings.http.port",
        "secrets.management",
        "apps.nope",
        "host_apps.LiveApp.rest_cidrs",
        "app_defaults.rest_jwt",
        "apps.LiveApp.play",
        "group_apps.events.settings.hlsTme",
    ]
    assert sorted(fault.split(":")[0] for fault in found) == sorted(
        "antmedia_" + variable for variable in variables
    )


def test_a_refused_secret_is_nowhere_in_the_result(secure):
    secret = "n0body-may-see-this'"
    result = secure(management_jwt=True, secrets={"management": secret})
    assert result["failed"]
    assert secret not in json.dumps(result)
    assert "n0body" not in json.dumps(result)


def test_the_operator_is_where_the_connection_came_from(faults, monkeypatch):
    monkeypatch.setattr(_process, "connected_from", lambda: ["192.0.2.9"])
    assert faults(dashboard_cidrs=["127.0.0.1"]) == [
        "antmedia_dashboard_cidrs: would lock out 192.0.2.9 (the address this connection came"
        " from); add it, or set antmedia_allow_lockout: true"
    ]


# --- homes and files that cannot be read ---


UNREADABLE = "the installation cannot be read"


def test_a_home_that_is_none(faults, home):
    (home / _installation.JAR).unlink()
    assert faults(UNREADABLE) == [
        f"home: {home} is no Ant Media Server: {home}/ant-media-server.jar: No such file or"
        " directory"
    ]


def test_no_home(call, tmp_path):
    result = call(settings, home=str(tmp_path / "nothing"))
    assert result["failed"]
    assert result["faults"] == [
        f"home: {tmp_path}/nothing is no folder; set antmedia_home to where the server is"
    ]


def test_malformed_and_missing_files_with_the_line(faults, home):
    path = home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties"
    path.write_bytes(b"a=1\n# note\nb=c\\\n  d\\u12x\n")
    server = home / "conf" / "red5.properties"
    server.unlink()
    assert faults(UNREADABLE, dashboard_cidrs=[]) == [
        f"{server}: No such file or directory",
        f"{path} line 4: malformed \\uXXXX escape, four hexadecimal digits are needed",
    ]


OUTSIDE = """
import sys
sys.path[:0] = {path!r}
import json
from ansible.module_utils import basic
from ansible_collections.streamward.antmedia.plugins.modules import settings
arguments = dict(json.loads(sys.argv[1]), _ansible_remote_tmp="/tmp")
try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:
    basic._ANSIBLE_ARGS = json.dumps(dict(ANSIBLE_MODULE_ARGS=arguments)).encode()
    settings.main()
else:
    with patch_module_args(arguments):
        settings.main()
"""


def outside(*command, home, **arguments):
    """The module in a process of its own, started by a command; its result."""
    arguments["home"] = str(home)
    script = OUTSIDE.format(path=[path for path in sys.path if path])
    done = subprocess.run(
        [*command, sys.executable, "-c", script, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.stderr.startswith("unshare") or "mount:" in done.stderr:
        pytest.skip("no mount namespaces here: " + done.stderr.strip())
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def as_nobody(tmp_path):
    """Call something in a child that is nobody in particular; what it returned."""

    def run(work):
        out = tmp_path / "out"
        with out.open("w") as stream:
            child = os.fork()
            if not child:
                try:
                    os.setgroups([])
                    os.setresgid(65534, 65534, 65534)
                    os.setresuid(65534, 65534, 65534)
                    json.dump(work(), stream)
                    stream.flush()
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
        return json.loads(out.read_text())

    return run


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_file_that_may_not_be_read_or_written(as_nobody, call, fake):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        home = fake.home(Path(folder) / "home")
        path = home / "conf" / "red5.properties"

        def secure(check=False):
            return call(
                settings,
                check,
                home=str(home),
                dashboard_cidrs=["127.0.0.1"],
                service_manager="none",
            )

        secure(check=True)  # loads what nobody may not load any more
        path.chmod(0o600)
        before = fake.snapshot(home)
        result = as_nobody(secure)
        assert result["failed"]
        assert result["faults"] == [f"{path}: Permission denied"]
        # One that may be read, in a folder where nothing can be written.
        path.chmod(0o644)
        result = as_nobody(secure)
        assert result["failed"]
        assert result["msg"] == f"{HOST}: {path}: Permission denied; nothing was changed"
        path.chmod(0o600)
        assert fake.snapshot(home) == before


SMALL = """
set -e
mkdir -p {mount} {out}
mount -t tmpfs -o size=256k none {mount}
cp -a {home}/. {mount}
{after}
"$@" || true
cp -a {mount}/. {out}
"""


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("mount -o remount,ro {mount}", "Read-only file system"),
        (
            "dd if=/dev/zero of={mount}/filler bs=4k status=none 2>/dev/null || true",
            "No space left on device",
        ),
    ],
)
def test_file_systems_that_take_nothing(home, fake, tmp_path, after, reason):
    mount, out = tmp_path / "mount", tmp_path / "out"
    script = SMALL.format(mount=mount, out=out, home=home, after=after.format(mount=mount))
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    result = outside(*command, home=mount, dashboard_cidrs=["127.0.0.1"])
    assert result["failed"]
    path = mount / "conf" / "red5.properties"
    assert result["msg"] == f"{HOST}: {path}: {reason}; nothing was changed"
    assert result["changed"] is False
    (out / "filler").unlink(missing_ok=True)
    assert fake.snapshot(out) == fake.snapshot(home)


def test_a_file_changed_between_plan_and_write(secure, ams, home, monkeypatch, fake):
    path = home / "webapps" / "events" / "WEB-INF" / "red5-web.properties"
    real = settings._plan.make_plan

    def plan(*arguments):
        made = real(*arguments)
        path.write_bytes(path.read_bytes() + b"\nby=somebody\n")
        return made

    monkeypatch.setattr(settings._plan, "make_plan", plan)
    before = fake.snapshot(home / "conf")
    result = secure(apps={"events": {"settings": {"gopSize": 1}}})
    assert result["failed"]
    assert result["msg"] == (
        f"{HOST}: {path}: was changed by somebody else meanwhile; run again; nothing was changed"
    )
    assert fake.snapshot(home / "conf") == before
    assert path.read_bytes().endswith(b"\nby=somebody\n")


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
        "server.jwtServerSecretKey={0}\n".format(_secret.fingerprint(secrets["management"]))
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
        said = "a restart {0} due, which this run does not do: {1}".format(verb, due)
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
    assert "nobody is the first admin of this server yet" in str(result["warnings"])
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
    _transaction.stopping(paths)
    assert not secure(True, **policy)["changed"] and _transaction.stopped_here(paths)
    assert not secure(**policy)["changed"] and not _transaction.stopped_here(paths)
    assert (ams.started, ams.stopped) == (1, 1)  # by the first run only


@pytest.mark.parametrize("check", [False, True])
def test_people_on_air(secure, ams, home, fake, secrets, check):
    ams.streams["events"] = [{"streamId": "s1", "status": "broadcasting", "hlsViewerCount": 2}]
    before = fake.snapshot(home)
    result = secure(check, secrets=secrets, **POLICY)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"] == (
        f"{HOST}: a restart would throw people off air, nothing was changed: events: 1 publisher"
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
    cut = "the restart {0} 1 publisher, 2 viewers".format("would cut" if check else "cut")
    assert cut in dropped["warnings"]


def test_a_restart_is_announced(secure, ams, home, fake, secrets):
    before = fake.snapshot(home)
    policy = dict(POLICY, secrets=secrets, announce=True)
    for check in (True, False):
        result = secure(check, **dict(policy, live_streams="drain"))
        assert (result["failed"], result["changed"], result["waiting"]) == (False, check, True)
        assert result["msg"] == "nobody is on air, the drain hooks come first"
    assert fake.snapshot(home) == before
    assert secure(**policy)["changed"]
    assert not secure(**dict(policy, live_streams="drain"))["waiting"]


def test_outside_the_window(secure, ams, secrets):
    hour = (time.localtime().tm_hour + 2) % 24
    window = "{0:02d}:00-{0:02d}:30".format(hour)
    result = secure(secrets=secrets, maintenance_window=window, **POLICY)
    assert result["failed"]
    assert f"is outside the maintenance window {window}; nothing was changed" in result["msg"]


def test_two_runs_at_once(secure, ams, home, fake, secrets):
    before = fake.snapshot(home)
    with _lock.hold(str(home), 0):
        result = secure(secrets=secrets, **POLICY)
        assert result["failed"]
        assert result["msg"] == (
            f"{HOST}: another run works on this host and did not end within 1 s; nothing was"
            " changed"
        )
        assert fake.snapshot(home) == before
        assert not secure(True, secrets=secrets, **POLICY)["failed"]
    assert secure(secrets=secrets, **POLICY)["changed"]


# --- an agreed instant ---


@pytest.mark.parametrize("check", [False, True])
def test_how_far_ahead_the_hosts_clock_is(secure, ams, secrets, check):
    assert "clock_ahead" not in secure(check, secrets=secrets, **POLICY)
    result = secure(check, secrets=secrets, asked_at=time.time() - 100, **POLICY)
    assert 100 <= result["clock_ahead"] < 110
    result = secure(check, secrets=secrets, asked_at=time.time() + 100, **POLICY)
    assert -100 <= result["clock_ahead"] < -90


def test_a_cutover_is_left_to_a_process_of_its_own(secure, ams, home, secrets):
    moment = time.time() + 1
    policy = dict(POLICY, apply="defer")
    result = secure(secrets=secrets, cutover_at=moment, **policy)
    assert result["changed"]
    assert result["cutover_pid"] > 1
    path = home / "conf" / "red5.properties"
    assert b"jwtServerControlEnabled=true" not in path.read_bytes()
    # It keeps other runs away until it is done.
    blocked = secure(secrets=secrets, **dict(policy, ready_timeout=0))
    assert "another run works on this host" in blocked["msg"]
    collected = secure(collect=True, ready_timeout=10)
    assert not collected["failed"]
    assert (collected["changed"], collected["way"]) == (True, "defer")
    assert collected["fingerprints"]["management"] == _secret.fingerprint(secrets["management"])
    assert time.time() >= moment
    assert b"jwtServerControlEnabled=true" in path.read_bytes()
    os.waitpid(result["cutover_pid"], 0)
    assert not secure(secrets=secrets, **policy)["changed"]


def test_a_cutover_whose_files_somebody_has_changed(secure, ams, home, secrets):
    result = secure(secrets=secrets, cutover_at=time.time() + 3, **dict(POLICY, apply="defer"))
    path = home / "conf" / "red5.properties"
    path.write_bytes(path.read_bytes() + b"by=somebody\n")
    collected = secure(collect=True, ready_timeout=10)
    assert (collected["failed"], collected["changed"]) == (True, False)
    assert collected["msg"] == (
        f"{HOST}: {path}: was changed by somebody else meanwhile; run again; nothing was changed"
    )
    os.waitpid(result["cutover_pid"], 0)
    assert path.read_bytes().endswith(b"by=somebody\n")


def test_a_cutover_called_off_leaves_nothing(secure, ams, home, secrets):
    before = {path: path.read_bytes() for path in home.rglob("*.properties")}
    result = secure(
        secrets=secrets, management_jwt=True, cutover_at=time.time() + 60, apply="defer"
    )
    assert result["cutover_pid"]
    collected = secure(collect=True, call_off=True, ready_timeout=20)
    assert (collected["failed"], collected["changed"]) == (True, False)
    assert "the cutover was called off; nothing was changed" in collected["msg"]
    assert {path: path.read_bytes() for path in home.rglob("*.properties")} == before
    assert not list(home.rglob(".*.streamward-new"))


def test_no_cutover_to_collect(secure):
    result = secure(collect=True, ready_timeout=0)
    assert result["failed"]
    assert result["msg"] == f"{HOST}: no cutover has ended within 0 s"


def test_a_cutover_behind_closed_ports_is_no_success(secure, ams, home, monkeypatch):
    def reopen(_self, _service, _seconds):
        raise _files.GuardError("the boot guard keeps the server closed: x")

    monkeypatch.setattr(_files.Guard, "reopen", reopen)
    found = _installation.observe(str(home))
    wanted = _compile.compile_policy({}, found)
    service = _service.Service(str(home), "command", COMMANDS)
    run = _apply.Apply(found, _plan.make_plan(found, wanted), service, ready_timeout=0.3)
    run.prepare()
    guard = _files.Guard(str(home), None)
    result = settings.finish(run, guard, wanted, {"changed": True, "warnings": []})
    assert (result["failed"], result["changed"]) == (True, True)  # the file's mode
    assert result["msg"] == f"{HOST}: the boot guard keeps the server closed: x"


class Guard:
    """A boot guard of which only this is asked."""

    taken_back = reopened = False

    def take_back(self):
        self.taken_back = True

    def reopen(self, _service, _seconds):
        self.reopened = True


@pytest.fixture
def guard():
    return Guard()


def test_the_rest_of_a_cutover_tells_how_it_went(secure, ams, home, fake, secrets, guard):
    """What the process of its own does, in this one."""
    found = _installation.observe(str(home))
    wanted = _compile.compile_policy({"dashboard_cidrs": ["127.0.0.1"]}, found)
    for failed in (False, True):
        plan = _plan.make_plan(_installation.observe(str(home)), wanted)
        run = _apply.Apply(
            _installation.observe(str(home)),
            plan,
            _service.Service(str(home), "command", COMMANDS),
            ready_timeout=0.3,
        )
        run.prepare()
        result = settings.finish(run, guard, wanted, {"changed": True, "warnings": []})
        assert result.get("failed", False) is failed
        assert result["changed"] is not failed
        assert result["starts"] == 1 + failed
        wanted.server["server.allowed_dashboard_CIDR"] = "127.0.0.0/8"
        ams.trouble = lambda found: (
            ["ERROR no"]
            if found.effective("", "server.allowed_dashboard_CIDR") == "127.0.0.0/8"
            else None
        )
    assert result["server_log"] == ["ERROR no"]


def test_who_came_on_air_before_the_instant_stays_there(ams, home, fake, guard):
    found = _installation.observe(str(home))
    wanted = _compile.compile_policy({"dashboard_cidrs": ["127.0.0.1"]}, found)
    service = _service.Service(str(home), "command", COMMANDS)
    for mode in ("refuse", "drop"):
        run = _apply.Apply(found, _plan.make_plan(found, wanted), service, live_streams=mode)
        ams.streams.clear()
        run.guard()
        before = fake.snapshot(home)
        run.prepare()
        ams.streams["events"] = [{"streamId": "s1", "status": "broadcasting", "hlsViewerCount": 2}]
        result = settings.finish(run, guard, wanted, {"changed": True, "warnings": []})
        assert result["audience"][0]["streams"] == ["s1"]
        if mode == "refuse":
            assert (result["failed"], result["changed"]) == (True, False)
            assert "a restart would throw people off air, nothing was changed" in result["msg"]
            assert fake.snapshot(home) == before
            assert guard.taken_back
            assert ams.started == 0
    assert ams.started == 1
    assert result["warnings"] == ["the restart cut 1 publisher, 2 viewers"]


def test_a_failure_says_who_was_cut_all_the_same(secure, ams, home, secrets):
    ams.streams["events"] = [{"streamId": "s1", "status": "broadcasting", "hlsViewerCount": 2}]
    ams.trouble = lambda found: ["ERROR no"] if ams.started == 1 else None
    result = secure(secrets=secrets, **dict(POLICY, live_streams="drop"))
    assert (result["failed"], result["changed"], result["starts"]) == (True, False, 2)
    assert result["audience"][0]["publishers"] == 1
    assert "the restart cut 1 publisher, 2 viewers" in result["warnings"]
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    result = secure(secrets=secrets, **dict(POLICY, live_streams="drop"))
    assert (result["failed"], result["changed"]) == (True, True)


def test_a_guard_that_cannot_be_taken_back_hides_no_error():
    class Stuck:
        def take_back(self):
            raise _files.GuardError("the guard stays")

    error = settings.take_back(Stuck(), _apply.ApplyError("the reason", ["a line"]))
    assert (str(error), error.lines) == ("the reason; the guard stays", ["a line"])
