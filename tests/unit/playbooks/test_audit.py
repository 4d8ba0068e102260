"""Audits by real runs of ansible-playbook: hosts of every kind, waivers, trend, exit code."""

from __future__ import annotations

import json
import os
import sys

import pytest

from tests.kit import accounts, audited, madeup, play

SECRET = "canary-rest-secret-0123456789-abcdefgh"


@pytest.fixture
def fleet():
    """An inventory of homes in a folder that every account can enter; runs the playbook."""
    with accounts.open_folder() as folder:
        yield Fleet(folder)


class Fleet:
    def __init__(self, folder):
        self.folder = folder
        self.hosts = {}

    def host(self, name, home=None, **variables):
        """A host that is this machine, with a home of its own or somewhere else."""
        if home is None:
            home = madeup.home(self.folder / name)
            (home / "conf" / "jee-container.xml").write_text(audited.CONTAINER)
        self.hosts[name] = {"antmedia_home": str(home), **variables}
        return home

    def run(self, *options, **variables):
        inventory = self.folder / "hosts.json"
        common = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "antmedia_audit_dir": str(self.folder / "reports"),
            **variables,
        }
        inventory.write_text(json.dumps({"all": {"hosts": self.hosts, "vars": common}}))
        done = play.run(
            inventory,
            "audit.yml",
            *options,
            cwd=self.folder,
            env=play.environment(ANSIBLE_NOCOLOR="1"),
        )
        return done.returncode, done.stdout

    @property
    def report(self):
        return json.loads((self.folder / "reports" / "audit.json").read_text())

    def of(self, name):
        return next(host for host in self.report["hosts"] if host["name"] == name)

    def status(self, name, control):
        found = self.of(name)["findings"]
        return next(each["status"] for each in found if each["control"] == control)


def secret(home):
    path = home / "webapps/LiveApp/WEB-INF/red5-web.properties"
    path.write_text(path.read_text() + f"\njwtControlEnabled=true\njwtSecretKey={SECRET}\n")


def test_hosts_of_every_kind(fleet):
    secret(fleet.host("web1"))
    fleet.host("absent", fleet.folder / "nothing")
    fleet.host(
        "down", ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=1, ansible_user="x"
    )
    before = madeup.snapshot(fleet.folder / "web1")
    code, output = fleet.run("-vvvv")
    assert code == 0, output
    assert madeup.snapshot(fleet.folder / "web1") == before
    states = {host["name"]: host["state"] for host in fleet.report["hosts"]}
    assert states == {"web1": "stopped", "absent": "absent", "down": "not reached"}
    assert fleet.status("web1", "panel-open") == "fail"
    assert fleet.status("absent", "panel-open") == "not applicable"
    assert fleet.status("down", "panel-open") == "cannot tell"
    assert "audit of 3 hosts: score" in output
    assert str(fleet.folder / "reports" / "audit.json") in output
    assert SECRET not in output + json.dumps(fleet.report)


def test_the_exit_code_and_waivers(fleet):
    waivers = [
        {"control": "*", "reason": "a test", "owner": "jane", "expires": "2199-01-01"},
    ]
    fleet.host("web1")
    fleet.host("web2", antmedia_audit_waivers=waivers)
    code, output = fleet.run(antmedia_audit_fail_on="high")
    assert code == 2
    assert "high: panel-open: server.allowed_dashboard_CIDR is 0.0.0.0/0" in output
    assert output.count("failed=1") == 1
    assert fleet.status("web2", "panel-open") == "waived"
    code, output = fleet.run(antmedia_audit_fail_on="critical")
    assert code == 0
    assert "since " in output and ": 0 new, 0 mended" in output
    waivers[0]["expires"] = "2020-01-01"
    code, output = fleet.run(antmedia_audit_fail_on="high")
    assert code == 2 and output.count("failed=1") == 2
    assert "expired waiver: * (jane, 2020-01-01)" in output


def test_a_mistake_in_a_waiver_stops_the_run(fleet):
    fleet.host("web1", antmedia_audit_waivers=[{"control": "panel-opn"}])
    code, output = fleet.run()
    assert code == 2
    assert "did you mean panel-open?" in output
    assert not (fleet.folder / "reports").exists()


def test_a_check_writes_nothing(fleet):
    fleet.host("web1")
    code, output = fleet.run("--check")
    assert code == 0 and "audit of web1" in output
    assert not (fleet.folder / "reports").exists()


@accounts.only_root
def test_an_account_that_may_not_read_all(fleet):
    home = fleet.host("web1")
    (home / "webapps/LiveApp/WEB-INF/red5-web.properties").chmod(0o600)
    code, output = fleet.run(
        ansible_become=True,
        ansible_become_user="nobody",
        ansible_become_method="ansible.builtin.su",
        ansible_become_flags="-s /bin/sh",
        ansible_remote_tmp="/tmp",
        ansible_python_interpreter="/usr/bin/python3",  # that of the tests is for root alone
    )
    assert code == 0, output
    host = fleet.of("web1")
    assert host["problem"] == ""
    assert host["notes"][0] == "looked at as nobody, who may not see everything"
    assert "red5-web.properties: Permission denied" in host["notes"][1]
    assert host["apps"] == ["events"]
    assert fleet.status("web1", "panel-open") == "fail"
    assert fleet.status("web1", "rest-open") == "cannot tell"


def test_what_a_host_says_is_no_template(fleet):
    home = fleet.host("web1")
    name = "x{{ lookup('pipe', 'touch hacked') }}<script>"
    (home / "webapps" / "LiveApp").rename(home / "webapps" / name)
    code, output = fleet.run()
    assert code == 0, output
    assert not (fleet.folder / "hacked").exists()
    assert any("lookup" in app for app in fleet.of("web1")["apps"])
    assert sorted(os.listdir(fleet.folder / "reports")) == ["audit.html", "audit.json"]
