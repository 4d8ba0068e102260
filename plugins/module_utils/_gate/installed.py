# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate of a host: looked at, prepared, started, changed while people are on air, removed.

Whatever a killed run has left, the next one compares with what is wanted: the files by their bytes,
the services by what they say they were started as, and by the policy that they say is in force.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import time
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils import _json, _wait
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    files as _files,
    nginx as _nginx,
    policy as _policy,
    units as _units,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.held import GateError
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    own as _own,
    place as _place,
    service as _service,
)

UNITS = (_units.DAEMON_UNIT, _units.NGINX_UNIT)
STARTED = {unit: f"/run/{unit.partition('.')[0]}/{_units.STARTED}" for unit in UNITS}
ANSWER_SECONDS = 5.0
READY_SECONDS = 30.0
POLL_SECONDS = 0.1
_MOST = 1 << 20


@dataclass(frozen=True)
class Look:
    """What of a gate is not as it is to be. Empty: the gate is there, runs, and answers.

    differ: paths of files that are others, or missing, or to be gone. stopped: units that do not
    run. stale: units that run as they were before their files changed. faults: what runs and does
    not do its work, in words.
    """

    differ: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.differ or self.stopped or self.stale or self.faults)

    @property
    def texts(self) -> list[str]:
        """All of it in words."""
        return [
            *(f"{path} is not as the policy wants it" for path in self.differ),
            *(f"{unit} does not run" for unit in self.stopped),
            *(f"{unit} runs as it was before it was changed" for unit in self.stale),
            *self.faults,
        ]


def look(policy: _policy.Policy | None, wanted: list[_files.GateFile]) -> Look:
    """What of a host's gate is not as a policy wants it; None wants no gate.

    :arg wanted: its files.
    """
    if policy is None:
        return Look(tuple(_files.there()))
    differ = _differ(wanted)
    manager = _manager()
    stopped = tuple(unit for unit in UNITS if unit not in manager.active)
    running = [unit for unit in UNITS if unit not in stopped]
    texts = _texts(wanted)
    stale = tuple(
        unit for unit in running if _started_as(unit) != _units.mark(texts[_files.SYSTEM + unit])
    )
    faults = [fault for unit in running for fault in _FAULTS[unit](policy, texts)]
    if not differ and manager.unread:
        faults.append("systemd has not read the gate's units as they are")
    return Look(differ, stopped, stale, tuple(faults))


def _texts(wanted: list[_files.GateFile]) -> dict[str, str]:
    """What the files hold that services are compared with."""
    return {file.path: file.data.decode("utf-8") for file in wanted if file.path in _compared()}


def _compared() -> list[str]:
    return [*(_files.SYSTEM + unit for unit in UNITS), _files.POLICY, _files.CONF]


def _differ(wanted: list[_files.GateFile]) -> tuple[str, ...]:
    found = {file.path for file in wanted if _files.differs(file)}
    if not _files.accounts():
        found.add(_files.ACCOUNTS)
    unwanted = set(_files.there()) - {file.path for file in wanted}
    return tuple(path for path in _files.PATHS if path in found | unwanted)


def _systemctl(*arguments: str) -> str:
    try:
        return _service.run(["systemctl", *arguments])
    except _service.ServiceError as error:
        raise GateError(str(error)) from error


class _Manager(NamedTuple):
    """What systemd says: the units that run, and whether it has not read one as its file is."""

    active: frozenset[str]
    unread: bool


def _manager() -> _Manager:
    properties = "--property=Id,ActiveState,NeedDaemonReload"
    shown = _systemctl("show", *UNITS, _service.UNIT, properties)
    units = [
        dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        for block in shown.split("\n\n")
    ]
    return _Manager(
        frozenset(unit["Id"] for unit in units if unit.get("ActiveState") == "active"),
        any(unit.get("NeedDaemonReload") == "yes" for unit in units),
    )


def _started_as(unit: str) -> str:
    """The mark that a unit left when it was started."""
    with contextlib.suppress(OSError), _place.find(os.path.dirname(STARTED[unit]) + "/") as at:
        return os.readlink(_units.STARTED, dir_fd=at.folder)
    return ""


def _asked(family: int, address: Any, path: str) -> bytes:
    """The body of an answer of this host; empty for every other answer, and for none."""
    request = f"GET {path} HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n".encode("ascii")
    deadline, found = time.monotonic() + ANSWER_SECONDS, b""
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as link:
        link.settimeout(ANSWER_SECONDS)
        link.connect(address)
        link.sendall(request)
        while len(found) < _MOST and time.monotonic() < deadline:
            more = link.recv(1 << 16)
            if not more:
                break
            found += more
    head, _end, body = found.partition(b"\r\n\r\n")
    return body if head.startswith(b"HTTP/1.1 200 ") else b""


def _nginx_faults(policy: _policy.Policy, texts: dict[str, str]) -> Iterator[str]:
    address = ("127.0.0.1", policy.listen.http)
    said = _asked(socket.AF_INET, address, _nginx.STATE_PATH).decode("ascii", "replace").strip()
    if not said:
        yield f"nothing of the gate answers on port {policy.listen.http}"
    elif said != _nginx.mark(texts[_files.CONF]):
        yield "nginx works by another configuration than the one on the host"


def _daemon_faults(_dummy: _policy.Policy, texts: dict[str, str]) -> Iterator[str]:
    state = state_of_daemon()
    if state is None:
        yield "the gate's daemon does not answer"
        return
    if state.get("policy") != _secret.fingerprint(texts[_files.POLICY]):
        why = _json.words(state.get("why") or "it has another one", 300)
        yield f"the gate's daemon has not taken the policy: {why}"
    faults = state.get("faults")
    for name, why in sorted(faults.items()) if isinstance(faults, dict) else ():
        yield f"the gate's daemon: {_json.words(name, 60)}: {_json.words(why, 300)}"


_FAULTS = {_units.DAEMON_UNIT: _daemon_faults, _units.NGINX_UNIT: _nginx_faults}


def faults() -> list[str]:
    """What of the gate on this host does not do its work, by the files that it has.

    :raises GateError: when systemd does not say.
    """
    found = [f"{path} is missing" for path in _files.MAIN if path not in _files.there()]
    active = _manager().active
    stopped = [unit for unit in UNITS if unit not in active]
    found += [f"{unit} does not run" for unit in stopped]
    held = _own.read(_files.POLICY)
    try:
        policy = _policy.read((held or b"").decode("utf-8"))
    except (_policy.Broken, UnicodeDecodeError):
        return found
    texts = {path: (_own.read(path) or b"").decode("utf-8", "replace") for path in _compared()}
    for unit in UNITS:
        if unit not in stopped:
            found += _FAULTS[unit](policy, texts)
    return found


def state_of_daemon() -> dict[str, Any] | None:
    """What the daemon says of itself; None where it says nothing."""
    body = _asked(socket.AF_UNIX, _units.PLACES.answers, "/state")
    try:
        state = json.loads(body)
    except ValueError:
        return None
    return state if isinstance(state, dict) else None


class Gate:
    """The gate of a host, on its way to what a policy wants.

    :arg policy: the policy; None to have no gate.
    :kwarg before: what settings of the server were before the gate came, by name.
    :raises GateError: when the host cannot have it.
    """

    def __init__(
        self, policy: _policy.Policy | None, before: Mapping[str, str] | None = None
    ) -> None:
        self.policy = policy
        self.wanted = _files.wanted(policy, before or {}) if policy else []
        self.seen = look(policy, self.wanted)
        there = _files.there() if self.seen else []
        self.old = {path: _own.read(path) for path in there}

    def prepare(self) -> None:
        """Have nginx read its configuration; nothing on the host is changed.

        :raises GateError: when something is in the way.
        """
        _files.try_out(self._wants())

    def commit(self) -> None:
        """Have accounts and files; nothing is started, and what runs goes on.

        :raises GateError: when that fails.
        """
        self._put(self.wanted)

    def _put(self, wanted: list[_files.GateFile]) -> None:
        differ = _differ(wanted)
        if _files.ACCOUNTS in differ:
            for file in wanted:
                if file.path == _files.ACCOUNTS:
                    _files.put(file)
                    self._run("systemd-sysusers", _files.ACCOUNTS)
        for file in wanted:
            if _files.differs(file):
                _files.put(file)
        for path in set(_files.there()) - {file.path for file in wanted}:
            self._drop_unit(path)
            _own.write(path, None, 0)
        if differ or _manager().unread:
            _systemctl("daemon-reload")

    def take_back(self) -> None:
        """Have the gate that was there before, or none.

        :raises GateError: when that fails.
        """
        if not self.seen:
            return
        if not any(data is not None for data in self.old.values()):
            self.remove()
            return
        self._put(
            [_files.as_wanted(path, data) for path, data in self.old.items() if data is not None]
        )
        self._enable(_files.SYSTEM + _units.TLS_WATCH in self.old)
        active = _manager().active
        for unit in UNITS:
            text = (self.old.get(_files.SYSTEM + unit) or b"").decode("utf-8", "replace")
            same = unit in active and _started_as(unit) == _units.mark(text)
            _systemctl("reload" if same else "restart", unit)

    def digests(self, path: str) -> tuple[str | None, str | None]:
        """What a file holds, and is to hold, without showing it; None for no file."""
        new = next((file.data for file in self.wanted if file.path == path), None)
        return _digest(self.old.get(path)), _digest(new)

    def start(self) -> None:
        """Have the gate run as its files say, and answer: what runs so already is not touched.

        Who is connected stays so, unless the unit of what he is connected to was changed.

        :raises GateError: when it does not come to that; says what is not as it is to be.
        """
        self._enable(self._wants().certificate is not None)
        seen = look(self.policy, self.wanted)
        for unit in UNITS:
            if unit in seen.stopped:
                _systemctl("start", unit)
            elif unit in seen.stale:
                _systemctl("restart", unit)
        self.reload()
        if not self._wants().certificate:
            _files.forget(os.path.dirname(_units.KEY))

    @staticmethod
    def _enable(secure: bool) -> None:
        """Have the gate's units started at each boot, and its certificate seen change."""
        watch = [_units.TLS_WATCH] if secure else []
        _systemctl("enable", "--quiet", *UNITS, *watch)
        if watch:
            _systemctl("start", *watch)

    def reload(self) -> None:
        """Have what runs take what the files say. Nobody who may stay is dropped.

        :raises GateError: when it does not.
        """
        seen = look(self.policy, self.wanted)
        for unit in UNITS:
            if any(True for _fault in self._faults_of(unit)) and unit not in seen.stopped:
                _systemctl("reload", unit)
        deadline = time.monotonic() + READY_SECONDS
        if not _wait.until(lambda: not self._look(), deadline, POLL_SECONDS):
            raise GateError("the gate does not do its work: " + "; ".join(self._look().texts))

    def _wants(self) -> _policy.Policy:
        if self.policy is None:
            raise GateError("there is to be no gate")
        return self.policy

    def _look(self) -> Look:
        return look(self.policy, self.wanted)

    def _faults_of(self, unit: str) -> Iterator[str]:
        return _FAULTS[unit](self._wants(), _texts(self.wanted))

    def remove(self) -> None:
        """Have no gate; what was there before it is there again.

        The server's ports are whoever's has them next.

        :raises GateError: when something cannot be taken away; what is gone stays gone.
        """
        found = _files.there()
        for path in reversed(found):
            self._drop_unit(path)
        try:
            for folder in (os.path.dirname(_units.KEY), _files.TRIED):
                _files.forget(folder)  # copies of a key
            # The accounts' own file goes last: it tells the next run of a killed one about them.
            for path in reversed(found):
                if path == _files.ACCOUNTS:
                    _drop_accounts()
                _own.write(path, None, 0)
        except OSError as error:
            raise GateError(f"the gate cannot be taken away: {error}") from error
        if found:
            _systemctl("daemon-reload")
        for folder in _FOLDERS:
            with contextlib.suppress(OSError):  # not empty: somebody else's, too
                os.rmdir(folder)

    @staticmethod
    def _drop_unit(path: str) -> None:
        """Stop what a unit of the gate has started."""
        folder, _slash, unit = path.rpartition("/")
        if folder + "/" == _files.SYSTEM:
            _systemctl("disable", "--now", "--quiet", unit)

    @staticmethod
    def _run(*command: str) -> None:
        try:
            _service.run(command)
        except _service.ServiceError as error:
            raise GateError(str(error)) from error


def _digest(data: bytes | None) -> str | None:
    return None if data is None else "sha256:" + hashlib.sha256(data).hexdigest()[:12]


def _drop_accounts() -> None:
    users = (("userdel", name) for name in (_units.DAEMON, _units.NGINX))
    groups = (("groupdel", name) for name in (_units.DAEMON, _units.NGINX, _units.TLS))
    for command in (*users, *groups):
        with contextlib.suppress(_service.ServiceError):  # not there, or gone with its account
            _service.run(command)


_FOLDERS = (
    *(os.path.dirname(path) for path in (_files.DROP_IN, _files.PROGRAM, _files.POLICY)),
    os.path.dirname(os.path.dirname(_files.POLICY)),
)
