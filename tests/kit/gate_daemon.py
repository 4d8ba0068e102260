"""The gate's daemon as a process of ours: the program as it is on hosts, its files in a folder."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import program as _program
from ansible_collections.streamward.antmedia.plugins.module_utils._host import archive as _archive

from demo.sandbox import free_port

# The program as it is on a host, but for its clock, its account, and the ports of this machine.
_STARTER = """
import sys
sys.path.insert(0, sys.argv[1])
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    policy, program, watch
)
watch._FRESH_SECONDS = float(sys.argv[6])
program.TICK_SECONDS = 0.02
program.UNTOLD = policy.Listen(5080, None, int(sys.argv[2]), None, int(sys.argv[3]))
sys.exit(program.main([sys.argv[4]], int(sys.argv[5])))
"""
PATIENCE = 60


class GateDaemon:
    """A daemon, and its files.

    plain: its policy, to be changed and written. ports: on which it listens then. untold: on which
    before there was any policy. told: what it has told the manager of the system. fresh: for how
    many seconds it reads a file again that has just changed.
    """

    fresh = 2.0

    def __init__(self, folder: Path, plain: dict) -> None:
        self.folder, self.plain = folder, plain
        self.policy = folder / "policy.json"
        self.program = folder / "gate.pyz"
        self.program.write_bytes(_archive.build(_program))
        self.untold = free_port(), free_port()
        self.ports = {"rtmp": free_port(), "answers": free_port()}
        self.plain["listen"].update(self.ports)
        self.told: list[str] = []
        self.process: subprocess.Popen | None = None
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(str(folder / "notify"))
        self._manager.setblocking(False)

    def write(self, text: str | None = None) -> None:
        """Put the policy, or another text, in its place as a whole."""
        new = self.folder / "new"
        new.write_text(json.dumps(self.plain) if text is None else text)
        new.chmod(0o640)
        new.rename(self.policy)

    def start(self) -> None:
        command = [sys.executable, "-I", "-S", "-c", _STARTER, str(self.program)]
        command += [*map(str, self.untold), str(self.policy), str(os.getuid())]
        command.append(str(self.fresh))
        environment = {
            "RUNTIME_DIRECTORY": str(self.folder),
            "NOTIFY_SOCKET": str(self.folder / "notify"),
        }
        with (self.folder / "errors").open("ab") as errors:
            self.process = subprocess.Popen(command, env=environment, cwd="/", stderr=errors)
        self.until(lambda: self.answer("/state")[0] == 200)

    def answer(self, target: str, headers: dict | None = None) -> tuple[int, str]:
        """What it answers on its socket: a status and a text; 0 for none."""
        assert self.process.poll() is None, self.log()
        link = http.client.HTTPConnection("gate")
        with contextlib.closing(link), contextlib.suppress(OSError, http.client.HTTPException):
            link.sock = socket.socket(socket.AF_UNIX)
            link.sock.connect(str(self.folder / "answers.sock"))
            link.request("GET", target, None, headers or {})
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        return 0, ""

    def state(self) -> dict:
        return json.loads(self.answer("/state")[1])

    def until(self, true) -> None:
        """Wait until something is true."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.01)

    def log(self) -> str:
        return (self.folder / "errors").read_text()

    def hear(self) -> list[str]:
        """All that the manager of the system was told so far."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self.told += self._manager.recv(10_000).decode().splitlines()
        return self.told

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._manager.close()
