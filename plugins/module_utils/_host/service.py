# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stopping and starting the server through whatever manages it.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import time
from typing import Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils import _wait
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    network as _network,
    process as _process,
)

UNIT = _process.UNIT
# What tells whose server the unit starts.
PROPERTIES = ("LoadState", "MainPID", "WorkingDirectory", "ExecStart")
MANAGERS = ("auto", "systemd", "command", "none")

# The shipped unit kills after 10 s, and a busy ingest server takes most of them.
COMMAND_SECONDS = 120
POLL_SECONDS = 0.2


class ServiceError(RuntimeError):
    """The service manager refused or did not answer."""


def run(argv: Sequence[str]) -> str:
    """Run a command of the service manager; returns what it printed.

    A server that it leaves in the background has its output too, and is not waited for.

    :raises ServiceError: when it fails or does not end.
    """
    deadline = time.monotonic() + COMMAND_SECONDS
    try:
        with _network.outside():
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # As systemd starts a service: it does not die of writing where nobody reads it.
                restore_signals=False,
            )
    except OSError as error:
        raise ServiceError(f"{argv[0]}: {error.strerror or error}") from error
    ended = False
    while True:
        try:
            output = process.communicate(timeout=POLL_SECONDS)[0]
            break
        except subprocess.TimeoutExpired as late:
            if ended:
                _stop_listening(process)
                output = late.output or b""
                break
        ended = process.poll() is not None
        if not ended and time.monotonic() > deadline:
            process.kill()
            process.wait()
            _stop_listening(process)
            raise ServiceError(f"{argv[0]}: timed out after {COMMAND_SECONDS} s")
    text = output.decode("utf-8", "replace").strip()
    if process.returncode:
        raise ServiceError(f"{argv[0]} ended with {process.returncode}: {text[-500:]}")
    return text


def _stop_listening(process: subprocess.Popen[bytes]) -> None:
    if process.stdout:
        process.stdout.close()


def systemd_runs() -> bool:
    """Whether systemd manages this host."""
    return os.path.isdir("/run/systemd/system")


def detect(home: str) -> str:
    """``systemd`` where it runs and its unit is that of the server of a home, else ``none``."""
    if systemd_runs():
        with contextlib.suppress(ServiceError):
            unit = run(["systemctl", "show", UNIT, "--property=" + ",".join(PROPERTIES)])
            if starts(dict(line.partition("=")[::2] for line in unit.splitlines()), home):
                return "systemd"
    return "none"


def starts(unit: Mapping[str, str], home: str) -> bool:
    """Whether a unit, by its properties, starts the server of a home: a host may have several."""
    if unit.get("LoadState") != "loaded":
        return False
    process = _process.find(home) if "MainPID" in unit else None
    if process and unit["MainPID"] == str(process.pid):
        return True
    # A mark before the folder says that it may be missing.
    folder = unit.get("WorkingDirectory", "").lstrip("!-")
    # Without a folder the command tells, if anything does: a program of the home, or its name.
    words = [folder] if folder else re.split(r"[\s=:;]+", unit.get("ExecStart", ""))
    wanted = os.path.realpath(home)
    return any(
        os.path.realpath(word) == wanted or os.path.realpath(word).startswith(wanted + os.sep)
        for word in words
        if os.path.isabs(word)
    )


class Service:
    """The server as a service.

    :arg home: folder of the installation.
    :arg manager: one of :data:`MANAGERS`.
    :kwarg commands: for ``command``, a mapping with ``start`` and ``stop``, each a command line
        that is run without a shell.
    """

    def __init__(
        self, home: str, manager: str = "auto", commands: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        self.manager = detect(home) if manager == "auto" else manager
        self.commands = commands or {}

    @property
    def managed(self) -> bool:
        """Whether a restart can be done at all."""
        return self.manager != "none"

    def process(self) -> _process.Process | None:
        """The running server, None if there is none; goes to its network."""
        found = _process.find(self.home)
        _network.follow(found)
        return found

    def _command(self, action: str) -> list[str]:
        if self.manager == "systemd":
            return ["systemctl", action, UNIT]
        return shlex.split(self.commands[action])

    def start(self) -> None:
        """Start the server; returns as soon as the manager says so."""
        run(self._command("start"))

    def restart_in_background(self) -> None:
        """Have systemd stop the server and start it again; returns at once.

        :raises ServiceError: when it does not take the order.
        """
        run(["systemctl", "--no-block", "restart", UNIT])

    def stop(self) -> None:
        """Stop the server and wait until its process is gone.

        :raises ServiceError: when it does not go.
        """
        run(self._command("stop"))
        deadline = time.monotonic() + COMMAND_SECONDS
        if not _wait.until(lambda: not self.process(), deadline, POLL_SECONDS):
            raise ServiceError("the server does not stop")
