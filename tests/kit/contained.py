"""A real server in a container as people run one, whose first process is the server's start.sh.

The host of the container is a network namespace. Its ports are published there by a relay, which
does what the proxy of Docker does, or are its own, where the container has the host's network.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import containers, play
from .image import build
from .image.build import podman
from .image.trees import HOME, tree

containers.configure()

PORTS = (5080, 1935)
PATIENCE = 120
OPTIONS = "-Xmx512m -XX:TieredStopAtLevel=1"
# Addresses of the host and of the container on the link between them.
HOST, INSIDE = "10.99.0.1", "10.99.0.2"

RELAY = """
import asyncio, sys
there, *ports = sys.argv[1:]

async def pass_on(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()

async def relay(port):
    async def take(reader, writer):
        try:
            back, forth = await asyncio.open_connection(there, port)
        except OSError:
            return writer.close()
        await asyncio.gather(pass_on(reader, forth), pass_on(back, writer))
    await asyncio.start_server(take, "0.0.0.0", port)

async def main():
    for port in ports:
        await relay(int(port))
    print(flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


class Contained:
    """A container with a server, the folders of its host, and the network of its host.

    home: where the volume is on the host. log: where the server's log is, on both sides.
    """

    def __init__(self, name: str, folder: Path, version: str = "2.17.1") -> None:
        self.name, self.folder = name, folder
        self.home, self.log = folder / "volume", folder / "log"
        # Older ones know no such option, and take it for others.
        self.options = ("-j", OPTIONS) if version == "2.17.1" else ()
        build.build([version])
        shutil.copytree(tree(version), self.home, symlinks=True)
        for path in (tree(version), *tree(version).rglob("*")):
            copy = self.home / path.relative_to(tree(version))
            status = path.lstat()
            os.chown(copy, status.st_uid, status.st_gid, follow_symlinks=False)
        self.log.mkdir()
        path = self.home / "conf" / "logback.xml"
        path.write_text(path.read_text().replace("/var/log/antmedia", str(self.log)))
        self.relay: subprocess.Popen | None = None
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")

    # -- the host --

    def on_host(self, *command: str) -> list[str]:
        """A command in the network of the container's host."""
        return ["nsenter", f"--net=/run/netns/{self.name}", *map(str, command)]

    def play(self, playbook: str, variables: dict, *wrap: str) -> subprocess.CompletedProcess:
        """Run a playbook on the container's host, which has the commands of the container.

        wrap: a command to run it by.
        """
        inventory = self._inventory(
            dict(
                ansible_connection="local",
                ansible_python_interpreter=sys.executable,
                antmedia_home=str(self.home),
                antmedia_service_manager="command",
                antmedia_service_commands={
                    "start": f"podman start {self.name}",
                    "stop": f"podman stop --time=20 {self.name}",
                },
                antmedia_report_dir=str(self.folder),
                **variables,
            )
        )
        return self._run(self.on_host(*wrap, *play.command(inventory, playbook)))

    def play_inside(self, playbook: str, variables: dict) -> subprocess.CompletedProcess:
        """Run a playbook inside of the container."""
        inventory = self._inventory(
            dict(
                ansible_connection="containers.podman.podman",
                ansible_python_interpreter="/usr/bin/python3",
                antmedia_report_dir=str(self.folder),
                **variables,
            )
        )
        return self._run(play.command(inventory, playbook))

    def _inventory(self, variables):
        path = self.folder / "inventory.json"
        path.write_text(json.dumps({"all": {"hosts": {self.name: {}}, "vars": variables}}))
        return path

    def _run(self, command):
        return subprocess.run(
            command,
            env=play.environment(ANSIBLE_FORCE_COLOR="false"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def get(self, path: str) -> int:
        """The status of a request from the container's host, 0 for none."""
        command = ("curl", "-s", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}")
        url = f"http://127.0.0.1:5080{path}"
        done = subprocess.run(self.on_host(*command, url), stdout=subprocess.PIPE, check=False)
        return int(done.stdout or 0)

    @contextlib.contextmanager
    def publisher(self, stream: str):
        """Somebody on air, through the ports of the container's host."""
        picture = ["-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-t", "600"]
        encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "flv"]
        url = f"rtmp://127.0.0.1/LiveApp/{stream}"
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", *picture, *encoder, url]
        process = subprocess.Popen(self.on_host(*command), stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + PATIENCE
            while self.get(f"/LiveApp/streams/{stream}.m3u8") != 200:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.3)
            yield process
        finally:
            process.kill()
            process.wait()

    # -- the container --

    def start(self, *options: str, network: str = "bridge", home: Path | None = None) -> None:
        """Make the container and wait for its server.

        network: `host`, or `bridge` for one of its own behind a relay. home: what its home is, if
        not the volume.
        """
        inner = self.name
        if network == "bridge":
            inner = self._bridged()
        podman(
            *("run", "--detach", "--quiet", f"--name={self.name}", f"--hostname={self.name}"),
            *(f"--add-host={self.name}:127.0.0.1", f"--network=ns:/run/netns/{inner}"),
            *(f"--volume={home or self.home}:{HOME}", f"--volume={self.log}:{self.log}"),
            *(*options, f"--entrypoint={HOME}/start.sh", build.image(), *self.options),
        )
        self.wait()

    def _bridged(self):
        inner = self.name + "-in"
        ip("netns", "add", inner)
        ip("-n", inner, "link", "set", "lo", "up")
        ends = ("sw-out", "sw-in")
        ip("-n", self.name, "link", "add", ends[0], "type", "veth", "peer", "name", ends[1])
        ip("-n", self.name, "link", "set", ends[1], "netns", inner)
        for space, end, address in ((self.name, ends[0], HOST), (inner, ends[1], INSIDE)):
            ip("-n", space, "addr", "add", f"{address}/24", "dev", end)
            ip("-n", space, "link", "set", end, "up")
        code = [sys.executable, "-c", RELAY, INSIDE, *map(str, PORTS)]
        self.relay = subprocess.Popen(self.on_host(*code), stdout=subprocess.PIPE)
        self.relay.stdout.readline()
        return inner

    def wait(self) -> None:
        """Wait until every application has started; none is asked before it has."""
        deadline = time.monotonic() + PATIENCE
        found = self.home.glob("webapps/*/WEB-INF/red5-web.properties")
        apps = {path.parts[-3] for path in found} - {"root"}
        while True:
            text = podman("logs", self.name, check=False).stdout
            begun = text.rpartition("Starting Ant Media Server")[2]
            if all(f" - {app} started" in begun for app in apps) and self.get("/") != 0:
                return
            assert time.monotonic() < deadline, begun[-2000:]
            time.sleep(0.3)

    def restart(self) -> None:
        podman("restart", "--time=20", self.name)
        self.wait()

    def stop(self) -> None:
        podman("stop", "--time=20", self.name)

    def started_at(self) -> str:
        """When the container was started; another text as soon as it was again."""
        return podman("inspect", "--format={{.State.StartedAt}}", self.name).stdout.strip()

    def down(self) -> None:
        """Leave nothing of it but its folder."""
        podman("rm", "--force", "--ignore", "--time=1", self.name, check=False)
        if self.relay:
            self.relay.kill()
            self.relay.wait()
            self.relay.stdout.close()
        for space in (self.name, self.name + "-in"):
            subprocess.run(["ip", "netns", "delete", space], stderr=subprocess.DEVNULL, check=False)
