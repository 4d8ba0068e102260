"""Starts the real Java, which tells what a file and a list mean to the server."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.kit import jvm

HERE = Path(__file__).resolve().parent
VERSION = "2.17.1"

TALLY = pytest.StashKey[Counter]()


def pytest_configure(config):
    config.stash[TALLY] = Counter()


def pytest_terminal_summary(terminalreporter, config):
    for what, number in sorted(config.stash[TALLY].items()):
        terminalreporter.write_line(f"oracle: {number} {what}")


@pytest.fixture(scope="session")
def tally(request):
    """What was compared with Java, and how often; told at the end of the run."""
    return request.config.stash[TALLY]


@pytest.fixture(scope="session")
def distribution():
    """The zip of a real server."""
    return jvm.distribution(VERSION)


@pytest.fixture(scope="session")
def jars(distribution, tmp_path_factory):
    """The jars of the real server with the classes that read its lists."""
    folder = tmp_path_factory.mktemp("jars")
    jvm.unpack_jars(distribution, folder)
    return folder


@pytest.fixture(scope="session")
def start_jvm(tmp_path_factory):
    """Compile and start a program of this folder: `start_jvm("Name", jars=folder, options=[])`."""
    running = []

    def start(name, jars=None, options=()):
        folder = tmp_path_factory.mktemp(name)
        running.append(jvm.start(HERE / f"{name}.java", folder, jars, options))
        return running[-1]

    yield start
    for one in running:
        one.close()
