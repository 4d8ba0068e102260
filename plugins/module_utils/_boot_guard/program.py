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

from ansible_collections.streamward.antmedia.plugins.module_utils import _wait
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    firewall as _firewall,
    installation as _installation,
    lock as _lock,
    log as _log,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    heal as _heal,
    management as _management,
    ready as _ready,
)

NAME = "streamward-boot-guard"
UNIT = NAME + ".service"

# Ports of the server by protocol: the key of each in conf/red5.properties, and its default.
PORTS = {
    "tcp": {"http.port": 5080, "https.port": 5443, "rtmp.port": 1935, "rtmps.port": 8443},
    "udp": {"server.srt_port": 4200},
}

# Slow hosts exist, and a check that fails is made again; whatever fails for so long will not pass.
PATIENCE_SECONDS = 900
ANSWER_SECONDS = 60
PAUSE_SECONDS = 5

# Where nobody can heal a server live, it is started again, at most this many times.
MORE_STARTS = 2
STATE = "/run/" + NAME

UNKNOWN = "nobody can ask what application {0} holds: the server takes no management token"

ERRORS = (
    _ready.NotReady,
    _management.RestError,
    _lock.Locked,
    _installation.InstallationError,
    OSError,
    ValueError,
)


class Open(RuntimeError):
    """Applications are open, and nobody can heal them while the server runs."""

    def __init__(self, apps):
        super().__init__("application {} came up with its security off".format(", ".join(apps)))


class Gone(RuntimeError):
    """The server that was looked at runs no more."""


def ports(home):
    """The ports to close, by protocol, as the server's own file names them."""
    try:
        document = _files.read_file(
            os.path.join(home, _installation.SERVER_FILE)
        ).document.as_dict()
    except (OSError, ValueError):
        document = {}  # the server does not start from such a file either

    def number(key, default):
        text = document.get(key, "").strip()
        return int(text) if text.isdigit() and 0 < int(text) < 65536 else default

    return {
        protocol: {number(key, default) for key, default in keys.items()}
        for protocol, keys in PORTS.items()
    }


def unknown(installation, management):
    """Applications of which nobody could say whether they came up open."""
    if management.accessible or installation.version < _versions.OPEN_STARTS:
        return []
    return [app for app in installation.apps if not _app.asks_for_token(installation, app)]


def prove(home, service, process, deadline):
    """Wait until a server has started, and see to it that it holds what its files say.

    :arg process: the :class:`_process.Process` that was started.
    :arg deadline: a time of ``time.monotonic()``.
    :returns: the names of the settings that had to be brought back, by application.
    :raises Open: when that cannot be done.
    :raises Gone: when the process is no more.
    :raises NotReady, RestError, OSError, ValueError: when something else is missing.
    """
    process = _still(service, process)
    installation = _installation.observe(home)
    management = _management.Management(installation)
    try:
        _started(installation, service, process, management, deadline)
        apps = unknown(installation, management)
        if apps:
            raise _ready.NotReady(UNKNOWN.format(apps[0]))
        healed = _heal.heal_all(installation, management)
        _ready.wait_answering(installation, min(deadline, time.monotonic() + ANSWER_SECONDS))
        # Where the log did not tell, one may have loaded yet, and be open by that very request.
        healed.update(_heal.heal_all(installation, management))
        opened = _app.open_apps(installation)
    except ERRORS:
        _still(service, process)
        raise
    if opened and management.accessible:
        raise _ready.NotReady(
            f"application {opened[0]} answers without a token although it holds its settings"
        )
    if opened:
        raise Open(opened)
    _still(service, process)
    return healed


def _still(service, process):
    """The process as the clock has it now, which may have been set meanwhile."""
    now = service.process()
    if not process.same(now):
        raise Gone("the server that was checked has ended")
    return now


def _started(installation, service, process, management, deadline):
    if time.time() - process.started > _ready.START_SECONDS:
        return
    log = _log.Log(installation.home, since=process.started)
    _ready.wait_started(installation, service, log, management, deadline)


# -- the program ------------------------------------------------------------------------------


def _say(text, level=syslog.LOG_INFO):
    syslog.syslog(level, text)


class Starts:
    """How often the server was started again because it came up open, kept until it did not."""

    def __init__(self, folder=STATE):
        self.path = os.path.join(folder, "starts")

    def count(self):
        """How often so far."""
        try:
            with open(self.path, encoding="ascii") as stream:
                return int(stream.read())
        except (OSError, ValueError):
            return 0

    def add(self):
        """One more."""
        count = self.count() + 1
        os.makedirs(os.path.dirname(self.path), mode=0o755, exist_ok=True)
        with open(self.path, "w", encoding="ascii") as stream:
            stream.write(str(count))

    def forget(self):
        """None."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)


def _close(home):
    found = ports(home)
    _firewall.close(found)
    numbers = sorted(set().union(*found.values()))
    _say("closed to all but this host until checked: {}".format(", ".join(map(str, numbers))))


def close(home):
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


def open_again(_home):
    """Take the rules away; returns the exit code."""
    try:
        if _firewall.closed():
            _firewall.open_again()
            _say("opened")
    except _firewall.FirewallError as error:
        _say(f"the ports stay closed: {error}", syslog.LOG_ERR)
        return 1
    return 0


def check(home, patience=PATIENCE_SECONDS, starts=None):
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
        except Gone as gone:
            _say(f"{gone}; looking for another")
        except _firewall.FirewallError as error:
            _say(f"not checked, since the ports cannot be closed: {error}", syslog.LOG_ERR)
            return 1


def _check(home, service, process, patience, starts):
    deadline = time.monotonic() + patience
    said = None
    while True:
        try:
            with _lock.hold(home, ANSWER_SECONDS):
                healed = prove(home, service, process, deadline)
                return _opened(home, healed, starts)
        except Open as opened:
            return _again(home, service, opened, starts)
        except ERRORS as error:
            if time.monotonic() + PAUSE_SECONDS > deadline:
                return _stays_closed(home, error)
            if str(error) != said:
                said = str(error)
                _say("still closed, trying again: " + said, syslog.LOG_WARNING)
            time.sleep(PAUSE_SECONDS)
            _keep_closed(home)


def _keep_closed(home):
    if not _firewall.closed():
        _close(home)


def _find(service):
    """The server's process, which may take a moment to be one of Java: at a boot, a long one."""
    return _wait.until(service.process, time.monotonic() + ANSWER_SECONDS, _ready.POLL_SECONDS)


def _opened(home, healed, starts):
    for app, names in healed.items():
        _say(
            "application {} came up open: {} were not as its file says; healed before anybody"
            " could ask it".format(app, ", ".join(names)),
            syslog.LOG_WARNING,
        )
    starts.forget()
    _say(f"checked, {len(healed)} healed" if healed else "checked")
    return open_again(home)


def _again(home, service, opened, starts):
    if starts.count() >= MORE_STARTS:
        starts.forget()
        return _stays_closed(home, f"{opened} {MORE_STARTS + 1} times in a row")
    starts.add()
    _say(f"{opened}; nobody can heal it live, so the server is started again")
    try:
        service.restart_in_background()
    except _service.ServiceError as error:
        return _stays_closed(home, error)
    return 0


def _stays_closed(home, reason):
    _keep_closed(home)
    _say(
        f"THE SERVER STAYS CLOSED to all but this host: {reason}. Fix that, then run the secure"
        f" playbook, or: systemctl start {UNIT}",
        syslog.LOG_ERR,
    )
    return 1


def ended(home):
    """Open the ports if somebody has stopped the check: not if it failed, nor if it was killed.

    It is stopped when the server has ended, when a run has proved the server itself, or by hand.
    """
    how = os.environ.get("EXIT_CODE"), os.environ.get("EXIT_STATUS")  # systemd tells
    return open_again(home) if how == ("killed", "TERM") else 0


COMMANDS = {"close": close, "check": check, "ended": ended, "open": open_again}


def main(arguments=None):
    """Run one command; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 2 or arguments[0] not in COMMANDS:
        sys.stderr.write("usage: {} HOME\n".format("|".join(COMMANDS)))
        return 2
    syslog.openlog(NAME, syslog.LOG_PID, syslog.LOG_DAEMON)
    command, home = arguments
    try:
        return COMMANDS[command](home)
    except Exception as error:  # whatever it is: the ports are as they were, and the journal knows
        _say(f"{command} failed: {type(error).__name__}: {error}", syslog.LOG_ERR)
        return 1
