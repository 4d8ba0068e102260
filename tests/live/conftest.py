"""Real servers in systemd containers for tests that run plays against them."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.kit import containers, hosts
from tests.kit.fleet import Fleet
from tests.kit.outside import Server

containers.configure()


@pytest.fixture(scope="session")
def fleet_of():
    """Makes a Fleet of names and a folder."""
    return Fleet


@pytest.fixture(scope="module")
def double(request, tmp_path_factory):
    """A host with the enforcement double, secured, as a pair of its fleet and its server."""
    name = "sw-live-" + request.module.__name__.rpartition("_")[2]
    subprocess.run([hosts.COMMAND, "up", name, "--double"], check=True)
    fleet = Fleet([name], tmp_path_factory.mktemp("fleet"))
    try:
        fleet.run("secure.yml")
        yield fleet, Server(name)
    finally:
        if not os.environ.get("STREAMWARD_KEEP"):
            subprocess.run([hosts.COMMAND, "down", name], check=False)
