# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A test host as seen from outside: its files, its processes, its answers.

Nothing here shares code with the collection: curl, ffmpeg, PyJWT and Java's own properties reader
look at what the collection did.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import subprocess
import time
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import jwt

from . import hosts

HTTP = "http://127.0.0.1:5080"
BUSY_TRIES = 20


class Answer(NamedTuple):
    status: int
    body: str

    def json(self):
        return json.loads(self.body)


def sign(secret: str, **claims) -> str:
    """Return a token; without claims it is one that never expires."""
    return jwt.encode(claims, secret, algorithm="HS256")


def read_properties(paths: list[Path]) -> dict[str, dict[str, str]]:
    """Return what java.util.Properties reads, by path."""
    program = Path(__file__).with_name("ReadProperties.java")
    command = ["java", "-XX:TieredStopAtLevel=1", str(program), *map(str, paths)]
    parts = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode().split("\0")
    found: dict[str, dict[str, str]] = {str(path): {} for path in paths}
    for path, key, value in zip(parts[::3], parts[1::3], parts[2::3]):
        found[path][key] = value
    return found


class Server:
    """One test host. `application` is an application's name, or "" for the server itself."""

    def __init__(self, name: str):
        self.name = name

    @cached_property
    def home(self) -> Path:
        return hosts.home(self.name)

    @property
    def applications(self) -> list[str]:
        return hosts.applications(self.name)

    def file(self, application: str = "") -> Path:
        """Where the settings are, as this machine reaches them."""
        if application:
            return self.home / "webapps" / application / "WEB-INF/red5-web.properties"
        return self.home / "conf/red5.properties"

    @cached_property
    def properties(self) -> dict[str, dict[str, str]]:
        """What the files say, as Java reads them, by application; read once."""
        names = ["", *self.applications]
        paths = [self.file(name) for name in names]
        found = read_properties(paths)
        return {name: found[str(path)] for name, path in zip(names, paths)}

    def call(self, *command: str) -> str:
        return hosts.call(self.name, *command)

    def restart(self) -> None:
        hosts.restart(self.name)

    def request(self, path: str, source: str = "127.0.0.1", body=None, **headers: str) -> Answer:
        """Ask over HTTP from an address of the host's loopback; POST JSON if there is a body."""
        command = ["curl", "-s", "-m", "20", "--interface", source, "-w", r"\n%{http_code}"]
        for name, value in headers.items():
            command += ["-H", "{}: {}".format(name.replace("_", "-"), value)]
        if body is not None:
            command += ["-H", "Content-Type: application/json", "--data-binary", "@-"]
        answer = subprocess.run(
            hosts.inside(self.name, *command, HTTP + path),
            input=None if body is None else json.dumps(body),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        ).stdout
        text, _, status = answer.rpartition("\n")
        return Answer(int(status or 0), text)

    def rest(self, application: str, token: str = "", source: str = "127.0.0.1") -> int:
        """Ask an application's REST API for its version and return the status."""
        headers = {"Authorization": token} if token else {}
        answer = self.request(f"/{application}/rest/v2/version", source, **headers)
        if answer.status == 200:
            assert "versionName" in answer.body
        return answer.status

    def panel(self, source: str = "127.0.0.1", token: str = "") -> int:
        """Ask the management API for the applications and return the status."""
        headers = {"ProxyAuthorization": token} if token else {}
        return self.request("/rest/v2/applications", source, **headers).status

    def play(self, application: str, token: str = "", stream: str = "") -> str:
        """Ask for an HLS stream nobody ever published, without a cookie."""
        path = f"/{application}/streams/{stream or secrets.token_hex(8)}.m3u8"
        status = self.request(path + (f"?token={token}" if token else "")).status
        return {404: "accepted", 403: "refused"}.get(status, f"HTTP {status}")

    @contextlib.contextmanager
    def address(self, address: str):
        """Give the host's loopback one more address, so that requests to it also come from it."""
        change = [address + "/32", "dev", "lo"]
        subprocess.run(hosts.inside(self.name, "ip", "addr", "add", *change), check=True)
        try:
            yield
        finally:
            subprocess.run(hosts.inside(self.name, "ip", "addr", "del", *change), check=True)

    def publish(self, application: str, stream: str, token: str = "", to: str = "127.0.0.1") -> str:
        """Publish half a second over RTMP. The server sees `to` as the publisher's address too."""
        url = f"rtmp://{to}/{application}/{stream}" + (f"?token={token}" if token else "")
        source = ["-f", "lavfi", "-i", "color=size=64x64:rate=10", "-t", "0.5", "-c:v", "flv"]
        command = ["ffmpeg", "-loglevel", "error", *source, "-f", "flv", url]
        for _ in range(BUSY_TRIES):
            run = subprocess.run(
                hosts.inside(self.name, *command),
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
            if "resources" not in run.stderr:  # the server's CPU guard says nothing about tokens
                break
            time.sleep(1)
        if run.returncode == 0:
            return "accepted"
        refused = "You are not allowed to publish" in run.stderr
        return "refused" if refused else run.stderr.replace(token or "-", "*").strip()
