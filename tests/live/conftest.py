"""Real servers in systemd containers for tests that run plays against them."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "molecule" / "shared"
sys.path[:0] = [str(SHARED), str(Path(__file__).parent), str(ROOT / "tests" / "tools")]
runpy.run_path(str(ROOT / "tests" / "unit" / "conftest.py"))
os.environ.setdefault("CONTAINERS_CONF", str(SHARED / "containers.conf"))

POLICY = {
    "antmedia_dashboard_cidrs": ["127.0.0.1", "127.0.0.16/28"],
    "antmedia_management_jwt": True,
    "antmedia_app_defaults": {
        "rest_cidrs": ["127.0.0.1"],
        "rest_jwt": True,
        "publish": "jwt",
        "play": "jwt",
    },
    "antmedia_secrets": {
        "management": "test-only-management-secret-of-live-tests",
        "app_defaults": {
            "rest": "test-only-rest-secret-of-the-live-tests",
            "stream": "test-only-stream-secret-of-live-tests",
        },
    },
    # What the Community edition does not enforce, the double does.
    "antmedia_unenforceable": "warn",
}


class Fleet:
    """Test hosts and the plays that are run on them."""

    policy = POLICY

    def __init__(self, names, folder):
        self.names = names
        self.folder = folder

    def inventory(self, variables):
        path = self.folder / "inventory.json"
        content = {
            "all": {
                "hosts": {name: {} for name in self.names},
                "vars": dict(
                    POLICY,
                    ansible_connection="containers.podman.podman",
                    ansible_python_interpreter="/usr/bin/python3",
                    **variables,
                ),
            }
        }
        path.write_text(json.dumps(content))
        return path

    def command(self, playbook, variables, *options):
        return [
            "ansible-playbook",
            "-i",
            str(self.inventory(variables)),
            str(ROOT / "playbooks" / playbook),
            *options,
        ]

    def environment(self):
        return dict(
            os.environ,
            ANSIBLE_CONFIG=str(ROOT / "ansible.cfg"),
            ANSIBLE_STDOUT_CALLBACK="ansible.builtin.default",
            ANSIBLE_CALLBACK_RESULT_FORMAT="json",
            ANSIBLE_LOCALHOST_WARNING="false",
            ANSIBLE_FORCE_COLOR="false",
        )

    def start(self, playbook, variables=None, *options):
        """Start a playbook in a process group of its own."""
        return subprocess.Popen(
            self.command(playbook, variables or {}, *options),
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, playbook, variables=None, *options, check=True):
        """Run a playbook to its end; returns its output."""
        process = self.start(playbook, variables, *options)
        output, _nothing = process.communicate(timeout=600)
        if check:
            assert process.returncode == 0, output
        return output


@pytest.fixture(scope="session")
def fleet_of():
    """Makes a Fleet of names and a folder."""
    return Fleet


@pytest.fixture(scope="module")
def double(request, tmp_path_factory):
    """A host with the enforcement double, secured, as a pair of its fleet and its server."""
    from outside import Server

    name = "sw-live-" + request.module.__name__.rpartition("_")[2]
    subprocess.run([str(SHARED / "host"), "up", name, "--double"], check=True)
    fleet = Fleet([name], tmp_path_factory.mktemp("fleet"))
    try:
        fleet.run("secure.yml")
        yield fleet, Server(name)
    finally:
        if not os.environ.get("STREAMWARD_KEEP"):
            subprocess.run([str(SHARED / "host"), "down", name], check=False)
