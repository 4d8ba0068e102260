"""The playbook over a fleet of made-up homes: how far it goes when a host fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.tests.unit.plugins.conftest import (
    SECRETS,
    make_home,
    snapshot,
)

ROOT = Path(__file__).resolve().parents[3]


class Fleet:
    def __init__(self, folder, size):
        self.folder = folder
        self.names = [f"host{number:02}" for number in range(1, size + 1)]
        self.homes = {name: make_home(folder / name) for name in self.names}
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
                },
            }
        }
        path = self.folder / "inventory.json"
        path.write_text(json.dumps(inventory))
        command = ["ansible-playbook", "-i", str(path), str(ROOT / "playbooks" / "secure.yml")]
        return subprocess.run(
            [*command, *options],
            env=dict(os.environ, ANSIBLE_CONFIG=str(ROOT / "ansible.cfg"), ANSIBLE_FORKS="10"),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def trees(self):
        return {name: snapshot(home) for name, home in self.homes.items()}


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path, 10)


def test_stops_at_the_first_host_that_fails(fleet):
    fleet.variables["host03"] = {
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
    assert "/bin/false ended with 1" in done.stdout
    assert "the previous files were put back" in done.stdout
    assert SECRETS["rest"] not in done.stdout


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
