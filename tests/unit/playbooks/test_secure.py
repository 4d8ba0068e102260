"""The playbook over a fleet of made-up homes: how far it goes when a host fails."""

from __future__ import annotations

import json
import sys

import pytest

from tests.kit import madeup, play
from tests.kit.accounts import snapshot
from tests.kit.madeup import SECRETS
from tests.kit.places import ROOT


class Fleet:
    def __init__(self, folder, size):
        self.folder = folder
        self.environment = {}
        self.names = [f"host{number:02}" for number in range(1, size + 1)]
        self.homes = {name: madeup.home(folder / name) for name in self.names}
        self.variables = {name: {} for name in self.names}

    def run(self, *options):
        hosts = {
            name: dict(self.variables[name], antmedia_home=str(home))
            for name, home in self.homes.items()
        }
        inventory = {
            "all": {
                "hosts": hosts,
                "vars": {
                    "ansible_connection": "local",
                    "ansible_python_interpreter": sys.executable,
                    "antmedia_dashboard_cidrs": ["203.0.113.0/24"],
                    "antmedia_app_defaults": {"rest_cidrs": ["127.0.0.1"], "rest_jwt": True},
                    "antmedia_secrets": {"app_defaults": {"rest": SECRETS["rest"]}},
                    "antmedia_service_manager": "none",
                    "antmedia_apply": "defer",
                },
            }
        }
        path = self.folder / "inventory.json"
        path.write_text(json.dumps(inventory))
        environment = play.environment(ANSIBLE_FORKS="10", **self.environment)
        return play.run(path, "secure.yml", *options, env=environment)

    def trees(self):
        """What each host is, but for the mark that it is not proved, which outlasts a failure."""
        found = {name: snapshot(home) for name, home in self.homes.items()}
        for tree in found.values():
            tree.pop("conf/.streamward-unproved", None)
        return found


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path, 10)


def test_stops_at_the_first_host_that_fails(fleet):
    fleet.variables["host03"] = {
        "antmedia_apply": "auto",
        "antmedia_service_manager": "command",
        "antmedia_service_commands": {"start": "/bin/false", "stop": "/bin/true"},
    }
    before = fleet.trees()
    done = fleet.run("-e", '{"antmedia_batches": [2, 1, "100%"]}')
    after = fleet.trees()
    assert done.returncode != 0
    changed = [name for name in fleet.names if before[name] != after[name]]
    assert changed == ["host01", "host02"], done.stdout
    for line in (
        "host02: has the policy, files only: a restart is due",
        "host03: failed, see the error above",
        "host04: not touched",
        "host10: not touched",
    ):
        assert line in done.stdout
    assert "host03: /bin/false ended with 1" in done.stdout
    assert "the previous files were put back" in done.stdout
    assert SECRETS["rest"] not in done.stdout


def test_a_restart_that_nothing_does_is_a_failure_unless_it_is_put_off(fleet):
    fleet.variables["host01"]["antmedia_apply"] = "auto"
    reasons = "server.allowed_dashboard_CIDR", "an earlier run was not finished"
    for options, why in (["--check"], reasons[0]), ([], reasons[0]), ([], reasons[1]):
        done = fleet.run(*options)
        assert done.returncode != 0
        assert f"the policy is not in force: a restart is due ({why})" in done.stdout
        assert "host02: not touched" in done.stdout
    assert "host01: has the policy, files only: a restart is due" in done.stdout
    fleet.variables["host01"]["antmedia_apply"] = "defer"
    assert fleet.run().returncode == 0


def test_goes_through_all_and_then_changes_nothing(fleet):
    predicted = fleet.run("--check")
    assert predicted.returncode == 0, predicted.stdout
    assert predicted.stdout.count("changed=1") == 10
    assert fleet.run().stdout.count("changed=1") == 10
    trees = fleet.trees()
    again = fleet.run()
    assert again.stdout.count("changed=0") == 10, again.stdout
    assert fleet.trees() == trees


NOBODY_THERE = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}


@pytest.mark.parametrize("batches", [[1, "100%"], [2, "100%"]])
def test_stops_at_a_host_that_is_not_reached(fleet, batches):
    fleet.variables["host01"] = NOBODY_THERE
    before = fleet.trees()
    done = fleet.run("-e", json.dumps({"antmedia_batches": batches}))
    after = fleet.trees()
    assert done.returncode != 0
    changed = [name for name in fleet.names if before[name] != after[name]]
    assert changed == fleet.names[1 : batches[0]], done.stdout
    assert "host01: not reached" in done.stdout
    for number, name in enumerate(fleet.names[1:], 2):
        due = number <= batches[0]
        what = "has the policy, files only: a restart is due" if due else "not touched"
        assert f"{name}: {what}" in done.stdout


# A module that answers what a file of the home says, one answer a call and the last for good.
STUB = """#!/usr/bin/python
# WANT_JSON
import json, pathlib, sys
given = json.loads(pathlib.Path(sys.argv[1]).read_text())
home = pathlib.Path(given["home"])
with open(home / "calls", "a") as calls:
    calls.write(json.dumps(["NAME", given["_ansible_check_mode"], given.get("secrets")]) + "\\n")
script = home / "NAME.json"
answer, *rest = json.loads(script.read_text())
script.write_text(json.dumps(rest or [answer]))
mark = home / "conf" / ".streamward-unproved"
if "NAME" == "settings":
    answer = {"changed": False, "waiting": False, "restart_required": False, **answer}
    if answer["changed"] and not given["_ansible_check_mode"]:
        mark.touch()
    answer.update(unproved=mark.exists(), installation={"home": str(home)})
print(json.dumps(answer))
"""
UNCHANGED = [{}]
CHANGED_ONCE = [{"changed": True}, {}]


def proof(outcome):
    control = {"app": "LiveApp", "control": "rest-jwt", "wants": "jwt", "outcome": outcome}
    control.update(reason="lets in: no token", probes=2, right=1, milliseconds=1.0)
    return [{"controls": [control], "outcome": outcome}]


class Scripted(Fleet):
    """A fleet whose modules `settings` and `probe` say what a test wants them to."""

    def __init__(self, folder, size):
        super().__init__(folder, size)
        copy = folder / "collections" / "ansible_collections" / "streamward" / "antmedia"
        modules = copy / "plugins" / "modules"
        modules.mkdir(parents=True)
        for name in ("roles", "meta", "galaxy.yml"):
            (copy / name).symlink_to(ROOT / name)
        for path in (ROOT / "plugins").iterdir():
            if path.name != "modules":
                (copy / "plugins" / path.name).symlink_to(path)
        for path in (ROOT / "plugins" / "modules").glob("*.py"):
            (modules / path.name).symlink_to(path)
        for name in ("settings", "probe"):
            (modules / f"{name}.py").unlink()
            (modules / f"{name}.py").write_text(STUB.replace("NAME", name))
        self.environment = {"ANSIBLE_COLLECTIONS_PATH": str(folder / "collections")}
        for name in self.names:
            self.answer(name, settings=UNCHANGED, probe=proof("enforced"))

    def answer(self, name, **answers):
        for module, given in answers.items():
            (self.homes[name] / f"{module}.json").write_text(json.dumps(given))

    def run(self, *options):
        for home in self.homes.values():
            (home / "calls").write_text("")
        return super().run("-e", f"antmedia_report_dir={self.folder}", *options)

    def calls(self, name):
        lines = (self.homes[name] / "calls").read_text().splitlines()
        return [module + " --check" * check for module, check, _secrets in map(json.loads, lines)]

    def secrets(self, name):
        lines = (self.homes[name] / "calls").read_text().splitlines()
        return [secrets for _module, _check, secrets in map(json.loads, lines) if secrets]

    def marked(self):
        return [n for n, h in self.homes.items() if (h / "conf/.streamward-unproved").exists()]


@pytest.fixture
def scripted(tmp_path):
    return Scripted(tmp_path, 3)


def test_a_host_is_proved_before_the_next_batch_by_whichever_run_can(scripted):
    for name in scripted.names:
        scripted.answer(name, settings=CHANGED_ONCE)
    scripted.answer("host01", probe=proof("not enforced"))
    for _again in range(2):  # the second run finds nothing to change on the first host
        done = scripted.run()
        assert done.returncode != 0
        assert (
            "host01: has the policy and fails the proof: LiveApp rest-jwt: not enforced: lets in"
            in done.stdout
        )
        assert "host02: not touched" in done.stdout
        assert scripted.calls("host01") == ["settings", "probe"]
        assert scripted.calls("host02") == []
        assert scripted.marked() == ["host01"]
    scripted.answer("host01", probe=proof("enforced"))
    assert scripted.run().returncode == 0
    assert [scripted.calls(name) for name in scripted.names] == [["settings", "probe"]] * 3
    assert scripted.marked() == []
    assert scripted.run().returncode == 0
    assert [scripted.calls(name) for name in scripted.names] == [["settings"]] * 3


def test_a_host_that_waits_for_its_restart_leaves_the_proof_to_the_others(scripted):
    for name in scripted.names:
        scripted.answer(name, settings=CHANGED_ONCE)
    scripted.answer("host01", settings=[{"changed": True, "restart_required": True}])
    scripted.answer("host03", probe=proof("not enforced"))
    done = scripted.run("-e", "antmedia_batches=100%")
    assert done.returncode != 0
    assert scripted.calls("host01") == ["settings"]
    assert scripted.calls("host02") == ["settings", "probe"]
    for line in (
        "host01: has the policy, files only: a restart is due",
        "host02: has the policy",
        "host03: has the policy and fails the proof",
    ):
        assert line in done.stdout
    assert {"host01", "host03"} <= set(scripted.marked())


def test_what_is_not_to_be_proved_stays_marked(scripted):
    scripted.answer("host01", settings=CHANGED_ONCE)
    scripted.answer("host02", settings=[{"failed": True, "msg": "no"}])
    done = scripted.run("-e", "antmedia_prove=false")
    assert "host01: has the policy, not proved" in done.stdout
    assert scripted.marked() == ["host01"]


def test_it_is_shown_how_changes_come_into_force(scripted):
    restart = {"changed": True, "way": "restart", "reasons": ["a.key", "b.key"]}
    scripted.answer("host01", settings=[restart])
    scripted.answer("host02", settings=[{"changed": True, "way": "live"}])
    scripted.answer("host03", settings=[dict(restart, restart_required=True)])
    predicted = scripted.run("--check").stdout
    assert "host01: would restart for a.key, b.key" in predicted
    assert "host02: would be applied live, without a restart" in predicted
    done = scripted.run().stdout
    assert "host01: restarted for a.key, b.key" in done
    assert "host02: applied live, without a restart" in done
    assert "host03: restarted" not in done


ON_AIR = {"waiting": True, "msg": "LiveApp: 1 publisher (s1), 0 viewers"}
IDLE = {"waiting": True, "msg": "nobody is on air; the drain hooks run first"}
READY = {"changed": True}


@pytest.fixture
def draining(scripted):
    """The fleet with hooks that leave their names among the calls of the host."""

    def run(*options, before="", **answers):
        hooks = {}
        for hook in ("before", "after"):
            task = f"        echo '[\"{hook}\", false, null]' >> {{{{ antmedia_home }}}}/calls\n"
            path = scripted.folder / f"{hook}.yml"
            path.write_text("- ansible.builtin.shell:\n    cmd: |\n" + task)
            hooks[f"antmedia_drain_{hook}"] = path.name if hook == "before" else str(path)
        if before:
            (scripted.folder / "before.yml").write_text(before)
        for name, given in answers.items():
            scripted.answer(name, settings=given)
        given = {"antmedia_live_streams": "drain", "antmedia_drain_timeout": 5, **hooks}
        given["secure_pause"] = 1
        return scripted.run("-e", json.dumps(given), *options)

    return run


DRAINED = ["settings", "before", "settings", "after"]


def test_a_host_is_drained_before_its_restart_and_taken_back(scripted, draining):
    """Whoever is on air is shown at every try, and the last changes something."""
    done = draining(
        host01=[IDLE, READY],
        host02=[ON_AIR, ON_AIR, ON_AIR, READY],
        host03=[{"changed": True}],
    )
    assert done.returncode == 0, done.stdout
    assert scripted.calls("host01") == [*DRAINED, "probe"]
    tries = ["settings"] * 3
    assert scripted.calls("host02") == ["settings", "before", *tries, "after", "probe"]
    assert scripted.calls("host03") == ["settings", "probe"]
    assert "host01: a restart waits: nobody is on air" in done.stdout
    assert done.stdout.count("host02: a restart waits: LiveApp: 1 publisher (s1), 0 viewers") == 3


def test_what_waited_writes_the_secrets_of_the_moment(scripted, draining):
    """As they are after the wait; a rotation may have ended meanwhile."""
    changing = {"management": "{{ lookup('ansible.builtin.pipe', 'date +%s%N') }}"}
    given = json.dumps({"antmedia_secrets": changing, "antmedia_prove": False})
    done = draining("-e", given, host01=[IDLE, ON_AIR, READY])
    assert done.returncode == 0, done.stdout
    given_each_time = [str(secrets) for secrets in scripted.secrets("host01")]
    assert len(given_each_time) == len(set(given_each_time)) == 3


def test_a_host_that_does_not_get_empty_is_taken_back_untouched(scripted, draining):
    done = draining("-e", "antmedia_drain_timeout=1", host01=[ON_AIR])
    assert done.returncode != 0
    assert "nothing was changed, somebody is still on air: LiveApp: 1 publisher" in done.stdout
    assert "host01: not touched, its restart waits" in done.stdout
    assert [scripted.calls("host01")[at] for at in (0, 1, -1)] == ["settings", "before", "after"]
    assert scripted.calls("host02") == []


def test_a_hook_that_fails_leaves_the_host_as_it_was(scripted, draining):
    fails = "- ansible.builtin.fail: {msg: the load balancer says no}\n"
    done = draining(host01=[IDLE], before=fails)
    assert done.returncode != 0
    assert scripted.calls("host01") == ["settings", "after"]
    for line in (
        "the load balancer says no",
        "host01: not touched, its restart waits",
        "host02: not touched",
    ):
        assert line in done.stdout


def test_a_hook_that_is_not_there_is_told_before_anything(scripted, draining):
    done = draining("-e", "antmedia_drain_after=nowhere.yml", host01=[{"changed": True}])
    assert done.returncode != 0
    assert str(scripted.folder / "nowhere.yml") in done.stdout
    assert scripted.calls("host01") == []


def test_a_hook_that_is_not_reached_stops_the_fleet_too(scripted, draining):
    lost = "- ansible.builtin.ping:\n  delegate_to: balancer\n  vars: {}\n".replace(
        "{}", json.dumps(NOBODY_THERE)
    )
    done = draining(host01=[IDLE], before=lost)
    assert done.returncode != 0
    assert scripted.calls("host01") == ["settings"]
    assert scripted.calls("host02") == []
    assert "host01: cannot be reached any more" in done.stdout
    assert "host01: not touched, its restart waits" in done.stdout


def test_a_check_tells_and_neither_waits_nor_runs_hooks(scripted, draining):
    predicted = [{"changed": True, **ON_AIR}]
    done = draining("--check", host01=predicted, host02=[{"failed": True, "msg": "no"}])
    assert scripted.calls("host01") == ["settings --check"]
    assert "host01: a restart waits: LiveApp: 1 publisher (s1), 0 viewers" in done.stdout
    assert "host01: not touched, would get the policy" in done.stdout
    assert scripted.marked() == []
