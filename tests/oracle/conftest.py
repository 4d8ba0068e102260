"""Starts the real Java, which tells what a file and a list mean to the server.

Nothing here is skipped: without Java or the distribution the tests fail and say what is missing.
"""

from __future__ import annotations

import os
import re
import runpy
import shutil
import struct
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
VERSION = "2.17.1"
# What the server's own classes of the two lists need to be loaded.
JARS = re.compile(
    r"[^/]+/(?:ant-media-server\.jar|(?:lib|plugins)/(?:commons-lang3|guava|httpcore|json-simple|logback-\w+"
    r"|slf4j-api|spring-(?:beans|context|core|jcl)|tomcat-(?:catalina|embed-core|juli|util))"
    r"-[0-9][^/]*\.jar)"
)

runpy.run_path(str(HERE.parent / "unit" / "conftest.py"))  # makes the collection importable

TALLY = pytest.StashKey[Counter]()


def pytest_configure(config):
    config.stash[TALLY] = Counter()


def pytest_terminal_summary(terminalreporter, config):
    for what, number in sorted(config.stash[TALLY].items()):
        terminalreporter.write_line("oracle: {0} {1}".format(number, what))


@pytest.fixture(scope="session")
def tally(request):
    """What was compared with Java, and how often; told at the end of the run."""
    return request.config.stash[TALLY]


def _tool(name):
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(name, path=os.path.join(home, "bin") if home else None)
    if not found:
        pytest.fail(
            "{0} is missing: the oracle needs a JDK, version 17 as the server itself (Debian,"
            " Ubuntu: apt install openjdk-17-jdk-headless), on the PATH or under JAVA_HOME".format(
                name
            ),
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def distribution():
    """The zip of a real server."""
    cache = os.environ.get("STREAMWARD_CACHE") or Path.home() / ".cache" / "streamward"
    name = "ant-media-server-{0}-community.zip".format(VERSION)
    path = Path(os.environ.get("STREAMWARD_AMS_ZIP") or Path(cache) / "ams" / name)
    if not path.is_file():
        pytest.fail(
            "{0} is missing: the oracle asks the classes of the real server. `make demo` fetches"
            " it; STREAMWARD_AMS_ZIP may name another copy".format(path),
            pytrace=False,
        )
    return path


@pytest.fixture(scope="session")
def jars(distribution, tmp_path_factory):
    """The jars of the real server with the classes that read its lists."""
    folder = tmp_path_factory.mktemp("jars")
    with zipfile.ZipFile(distribution) as bundle:
        for name in bundle.namelist():
            if JARS.fullmatch(name):
                (folder / name.rpartition("/")[2]).write_bytes(bundle.read(name))
    return folder


class Jvm:
    """A Java program that answers batches: a batch is read whole before the first answer."""

    def __init__(self, command, errors):
        self._errors = errors
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors.open("wb")
        )

    def ask(self, *requests):
        """Send requests, each a list of byte strings."""
        stdin = self._process.stdin
        try:
            stdin.write(struct.pack(">i", len(requests)))
            for request in requests:
                for part in request:
                    stdin.write(struct.pack(">i", len(part)) + part)
            stdin.flush()
        except BrokenPipeError:
            self._died()

    def read(self, size):
        data = self._process.stdout.read(size)
        if len(data) != size:
            self._died()
        return data

    def read_int(self):
        return struct.unpack(">i", self.read(4))[0]

    def read_part(self):
        return self.read(self.read_int())

    def _died(self):
        pytest.fail("Java ended: " + self._errors.read_text()[-4000:], pytrace=False)

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def start_jvm(tmp_path_factory):
    """Compile and start a program of this folder: `start_jvm("Name", jars=folder, options=[])`."""
    running = []

    def start(name, jars=None, options=()):
        folder = tmp_path_factory.mktemp(name)
        path = str(folder) + (os.pathsep + str(jars / "*") if jars else "")
        source = str(HERE / (name + ".java"))
        made = subprocess.run(
            [_tool("javac"), "-nowarn", "-cp", path, "-d", str(folder), source],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            pytest.fail("javac: " + made.stderr, pytrace=False)
        command = [_tool("java"), "-cp", path, *options, name]
        running.append(Jvm(command, folder / "errors.txt"))
        return running[-1]

    yield start
    for jvm in running:
        jvm.close()
