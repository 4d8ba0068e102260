# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs a scenario's tests on every host of its inventory and gives them what they share."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.kit import containers
from tests.kit.outside import Server

HERE = Path(__file__).resolve().parent
containers.configure()


def inventory(config) -> dict:
    """The inventory of the scenario whose tests run; pytest's first argument is one of them."""
    path = Path(str(config.args[0]).split("::")[0]).resolve()
    scenario = next(folder for folder in (path, *path.parents) if folder.parent == HERE)
    return yaml.safe_load((scenario / "inventory.yml").read_text())["all"]


def pytest_configure(config):
    if not config.option.hosts:
        names = inventory(config)["hosts"]
        config.option.hosts = ",".join("podman://" + name for name in names)


@pytest.fixture(scope="session")
def variables(request) -> dict:
    """The inventory's variables for all hosts: the policy."""
    return inventory(request.config).get("vars", {})


@pytest.fixture(scope="session")
def secrets(variables) -> dict:
    return variables["antmedia_secrets"]


@pytest.fixture(scope="module")
def server(host):
    return Server(host.backend.name)


@pytest.fixture(scope="module")
def version(request, server) -> tuple:
    """The version of the host's server as its inventory names it, and whether it is the double."""
    text = inventory(request.config)["hosts"][server.name]["host_server"]
    return tuple(int(part) for part in text.partition("-")[0].split("."))
