"""What the tests of a run share: policies, what a start says, and looks at a home."""

from __future__ import annotations

import platform

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import ApplyError
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
)

ADMIN = {"email": "admin@example.net", "password": "a password that is nobody's"}
APPS = ("LiveApp", "events")

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
# A change that a start in trouble does not come up with, and one that closes applications.
BAD = {"server_settings": {"server.cpu_limit": 1}}
OPEN = {"app_defaults": {"rest_jwt": True, "rest_cidrs": ["127.0.0.1"]}}


def bad_port(found):
    if found.effective("", "server.cpu_limit") == "1":
        return [
            "2026-01-02 03:04:05,1 [main] INFO x - fine",
            "2026-01-02 03:04:05,1 [main] ERROR x - cannot start with "
            + found.effective("", "server.jwtServerSecretKey"),
        ]
    return None


def effective(home, app, name):
    return _installation.observe(str(home)).effective(app, name)


def left_over(home):
    return sorted(path.name for path in home.rglob(".*streamward*"))


def error_of(work, *arguments, **options):
    with pytest.raises(ApplyError) as caught:
        work(*arguments, **options)
    return caught.value
