"""The real Java, and the real server's classes, which tell what a file and a list mean to it.

Nothing here is skipped: without Java or the distribution a test fails and says what is missing.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from demo.sandbox import archive

# What the server's own classes of the two lists need to be loaded.
JARS = re.compile(
    r"[^/]+/(?:ant-media-server\.jar|(?:lib|plugins)/(?:commons-lang3|guava|httpcore|json-simple|logback-\w+"
    r"|slf4j-api|spring-(?:beans|context|core|jcl)|tomcat-(?:catalina|embed-core|juli|util))"
    r"-[0-9][^/]*\.jar)"
)


def tool(name):
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(name, path=os.path.join(home, "bin") if home else None)
    if not found:
        pytest.fail(
            f"{name} is missing: the oracle needs a JDK, version 17 as the server itself (Debian,"
            " Ubuntu: apt install openjdk-17-jdk-headless), on the PATH or under JAVA_HOME",
            pytrace=False,
        )
    return found


def distribution(version):
    """The zip of a real server."""
    path = Path(os.environ.get("STREAMWARD_AMS_ZIP") or archive(version))
    if not path.is_file():
        pytest.fail(
            f"{path} is missing: the oracle asks the classes of the real server. `make demo`"
            " fetches it; STREAMWARD_AMS_ZIP may name another copy",
            pytrace=False,
        )
    return path


def unpack_jars(distribution, folder):
    """Unpack those of a real server that have the classes that read its lists."""
    with zipfile.ZipFile(distribution) as bundle:
        for name in bundle.namelist():
            if JARS.fullmatch(name):
                (folder / name.rpartition("/")[2]).write_bytes(bundle.read(name))


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


def start(program, folder, jars=None, options=()):
    """Compile a Java program into a folder, and start it."""
    path = str(folder) + (os.pathsep + str(jars / "*") if jars else "")
    made = subprocess.run(
        [tool("javac"), "-nowarn", "-cp", path, "-d", str(folder), str(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.fail("javac: " + made.stderr, pytrace=False)
    command = [tool("java"), "-cp", path, *options, program.stem]
    return Jvm(command, folder / "errors.txt")
