# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The boot guard: what runs on the host at starts of the server that nobody ordered.

From 2.15.0 on an application that gets a request while it loads can come up with its security off.
So the server's ports are closed before it starts, to everybody but root on the host itself, and
opened when what it holds has been compared with its files and, where needed, brought back to them.

The program takes a command and the home of the server:

    close HOME    before a start
    check HOME    after it: wait, compare, heal, prove, open
    ended HOME    after the check: open if somebody stopped it
    open HOME     take the rules away

All that it says goes to the journal. PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
import sys
import syslog
import time
from typing import Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils import _wait
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    ports as _ports,
    prove as _prove,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    lock as _lock,
    process as _process,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    ready as _ready,
)

NAME = "streamward-boot-guard"
UNIT = NAME + ".service"

# Slow hosts exist, and a check that fails is made again; whatever fails for so long will not pass.
PATIENCE_SECONDS = 900
PAUSE_SECONDS = 5

STATE = "/run/" + NAME


def _say(text: str, level: int = syslog.LOG_INFO) -> None:
    syslog.syslog(level, text)


class Starts:
    """How often the server was started again because it came up open, kept until it did not."""

    def __init__(self, folder: str = STATE) -> None:
        self.path = os.path.join(folder, "starts")

    def count(self) -> int:
        """How often so far."""
        try:
            with open(self.path, encoding="ascii") as stream:
                return int(stream.read())
        except (OSError, ValueError):
            return 0

    def add(self) -> None:
        """One more."""
        count = self.count() + 1
        os.makedirs(os.path.dirname(self.path), mode=0o755, exist_ok=True)
        with open(self.path, "w", encoding="ascii") as stream:
            stream.write(str(count))

    def forget(self) -> None:
        """None."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)


def _close(home: str) -> None:
    found = _ports.of(home)
    _firewall.close(found)
    numbers = ", ".join(map(str, sorted(set().union(*found.values()))))
    _say(f"closed to all but this host until checked: {numbers}")


def close(home: str) -> int:
    """Close the ports; returns the exit code. A start goes no further when it is not 0."""
    try:
        _close(home)
    except _firewall.FirewallError as error:
        _say(
            f"the server is not started, since its ports cannot be closed: {error}",
            syslog.LOG_ERR,
        )
        return 1
    return 0


def open_again(_home: str) -> int:
    """Take the rules away; returns the exit code."""
    try:
        if _firewall.closed():
            _firewall.open_again()
            _say("opened")
    except _firewall.FirewallError as error:
        _say(f"the ports stay closed: {error}", syslog.LOG_ERR)
        return 1
    return 0


def check(home: str, patience: float = PATIENCE_SECONDS, starts: Starts | None = None) -> int:
    """Open the ports once the server is proved; returns the exit code, 1 when they stay closed.

    They are closed all the while: also for a check that was started by hand, and again after
    somebody has flushed the rules.

    A server that ends meanwhile has its unit stop the check and open the ports; where it does not,
    another server is looked for.
    """
    starts = starts or Starts()
    service = _service.Service(home, "systemd")
    while True:
        try:
            _keep_closed(home)
            process = _find(service)
            if not process:
                return _stays_closed(home, "no server runs")
            return _check(home, service, process, patience, starts)
        except _prove.Gone as gone:
            _say(f"{gone}; looking for another")
        except _firewall.FirewallError as error:
            _say(f"not checked, since the ports cannot be closed: {error}", syslog.LOG_ERR)
            return 1


def _check(
    home: str,
    service: _service.Service,
    process: _process.Process,
    patience: float,
    starts: Starts,
) -> int:
    deadline = time.monotonic() + patience
    said = None
    while True:
        try:
            with _lock.hold(home, _prove.ANSWER_SECONDS):
                healed = _prove.prove(home, service, process, deadline)
                return _opened(home, healed, starts)
        except _prove.Open as opened:
            return _again(home, service, opened, starts)
        except _prove.ERRORS as error:
            if time.monotonic() + PAUSE_SECONDS > deadline:
                return _stays_closed(home, error)
            if str(error) != said:
                said = str(error)
                _say("still closed, trying again: " + said, syslog.LOG_WARNING)
            time.sleep(PAUSE_SECONDS)
            _keep_closed(home)


def _keep_closed(home: str) -> None:
    if not _firewall.closed():
        _close(home)


def _find(service: _service.Service) -> _process.Process | None:
    """The server's process, which may take a moment to be one of Java: at a boot, a long one."""
    return _wait.until(
        service.process, time.monotonic() + _prove.ANSWER_SECONDS, _ready.POLL_SECONDS
    )


def _opened(home: str, healed: Mapping[str, Sequence[str]], starts: Starts) -> int:
    for app, names in healed.items():
        _say(
            f"application {app} came up open: {', '.join(names)} were not as its file says; healed"
            " before anybody could ask it",
            syslog.LOG_WARNING,
        )
    starts.forget()
    _say(f"checked, {len(healed)} healed" if healed else "checked")
    return open_again(home)


def _again(home: str, service: _service.Service, opened: _prove.Open, starts: Starts) -> int:
    if starts.count() >= _prove.MORE_STARTS:
        starts.forget()
        return _stays_closed(home, f"{opened} {_prove.MORE_STARTS + 1} times in a row")
    starts.add()
    _say(f"{opened}; nobody can heal it live, so the server is started again")
    try:
        service.restart_in_background()
    except _service.ServiceError as error:
        return _stays_closed(home, error)
    return 0


def _stays_closed(home: str, reason: object) -> int:
    _keep_closed(home)
    _say(
        f"THE SERVER STAYS CLOSED to all but this host: {reason}. Fix that, then run the secure"
        f" playbook, or: systemctl start {UNIT}",
        syslog.LOG_ERR,
    )
    return 1


def ended(home: str) -> int:
    """Open the ports if somebody has stopped the check: not if it failed, nor if it was killed.

    It is stopped when the server has ended, when a run has proved the server itself, or by hand.
    """
    how = os.environ.get("EXIT_CODE"), os.environ.get("EXIT_STATUS")  # systemd tells
    return open_again(home) if how == ("killed", "TERM") else 0


COMMANDS = {"close": close, "check": check, "ended": ended, "open": open_again}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 2 or arguments[0] not in COMMANDS:
        sys.stderr.write(f"usage: {'|'.join(COMMANDS)} HOME\n")
        return 2
    syslog.openlog(NAME, syslog.LOG_PID, syslog.LOG_DAEMON)
    command, home = arguments
    try:
        return COMMANDS[command](home)
    except Exception as error:  # whatever it is: the ports are as they were, and the journal knows
        _say(f"{command} failed: {type(error).__name__}: {error}", syslog.LOG_ERR)
        return 1
