"""Real servers in systemd containers, and the plays that are run on them."""

from __future__ import annotations

import json

from . import play

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

    def environment(self):
        return play.environment(
            ANSIBLE_STDOUT_CALLBACK="ansible.builtin.default",
            ANSIBLE_CALLBACK_RESULT_FORMAT="json",
            ANSIBLE_LOCALHOST_WARNING="false",
            ANSIBLE_FORCE_COLOR="false",
        )

    def start(self, playbook, variables=None, *options):
        """Start a playbook in a process group of its own."""
        return play.start(
            self.inventory(variables or {}),
            playbook,
            *options,
            env=self.environment(),
            start_new_session=True,
        )

    def run(self, playbook, variables=None, *options, check=True):
        """Run a playbook to its end; returns its output."""
        process = self.start(playbook, variables, *options)
        output, _nothing = process.communicate(timeout=600)
        if check:
            assert process.returncode == 0, output
        return output
