from __future__ import annotations

import copy
import dataclasses
import json
import os
import socket
import subprocess

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    files as _files,
    held as _held,
    installed as _installed,
    nginx as _nginx,
    policy as _policy,
    units as _units,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import service as _service

from tests.kit.accounts import open_folder

SECRET = "test-only-stream-secret-of-the-gate-tests"
PREVIOUS = "test-only-previous-secret-of-the-gate-tests"
NOW = 1_795_000_000

POLICY = {
    "format": 1,
    "home": "/usr/local/antmedia",
    "server_version": "2.17.1",
    "upstream": {"http": 15080, "rtmp": 11935},
    "listen": {"http": 5080, "https": None, "rtmp": 1935, "rtmps": None, "answers": 9400},
    "certificate": None,
    "hsts": 0,
    "proxies": ["10.0.0.5/32"],
    "panel": {"cidrs": ["127.0.0.1/32"]},
    "applications": {
        "LiveApp": {
            "publish": {"kind": "jwt", "secrets": [{"secret": SECRET, "until": None}]},
            "play": {
                "kind": "jwt",
                "secrets": [
                    {"secret": SECRET, "until": None},
                    {"secret": PREVIOUS, "until": NOW + 60},
                ],
                "rtmp": "refused",
            },
            "publishers": ["198.51.100.0/24", "2001:db8::/32"],
            "rest": {"cidrs": None},
            "viewers_per_token": 0,
        },
        "open": {
            "publish": {"kind": "none", "secrets": []},
            "play": {"kind": "none", "secrets": [], "rtmp": "asked"},
            "publishers": None,
            "rest": {"cidrs": []},
            "viewers_per_token": 0,
        },
    },
}


@pytest.fixture
def plain():
    """A right policy as plain values, for one test to change as it likes."""
    return copy.deepcopy(POLICY)


@pytest.fixture
def text(plain):
    return json.dumps(plain)


@pytest.fixture
def policy(text):
    return _policy.read(text)


@pytest.fixture
def secure(policy, tmp_path):
    """The same with TLS."""
    for name in ("c.pem", "k.pem"):
        (tmp_path / name).write_text(name)
    files = _policy.Certificate(str(tmp_path / "c.pem"), str(tmp_path / "k.pem"))
    listen = dataclasses.replace(policy.listen, https=5443, rtmps=8443)
    return dataclasses.replace(policy, listen=listen, certificate=files)


class Host:
    """A host with systemd, whose gate's services are made up: they run as their files say."""

    def __init__(self, root):
        self.root = root
        self.groups = {"": os.getegid()}
        self.accounts, self.running, self.enabled = set(), {}, {}
        self.asked, self.state_paths = [], set()
        self.unread, self.refuses, self.breaks = False, (), {}
        self.tries, self.tried, self.answer = [], [], ("", 0)
        self.nginx_mark = self.policy = ""
        for name in ("", "streamward-gate", "streamward-gate-nginx", "streamward-gate-tls"):
            self.groups[name] = os.getegid()

    def says(self, text, code):
        self.answer = (text, code)

    def try_out(self, command, **_options):
        folder = os.path.dirname(command[-1])
        self.tried += [look(folder) for look in self.tries]
        text, code = self.answer
        return subprocess.CompletedProcess(command, code, text.encode())

    def ask(self, argv):
        program, *words = argv
        if program == "systemd-sysusers":
            self.accounts |= {"streamward-gate", "streamward-gate-nginx"}
        elif program in ("userdel", "groupdel"):
            if words[0] not in self.accounts:
                raise _service.ServiceError("not there")
            self.accounts.discard(words[0])
        else:
            assert program == "systemctl"
            return self._systemctl(*words)
        return ""

    def _systemctl(self, verb, *words):
        self.asked.append((verb, *words))
        units = [word for word in words if not word.startswith("-")]
        if verb in self.refuses:
            raise _service.ServiceError("systemctl: no")
        if verb == "show":
            return "\n\n".join(
                f"Id={unit}\nActiveState={'active' if unit in self.running else 'inactive'}\n"
                f"NeedDaemonReload={'yes' if self.unread else 'no'}"
                for unit in units
            )
        if verb == "daemon-reload":
            self.unread = False
        for unit in units:
            if verb in ("start", "restart"):
                self.running[unit] = self._mark(unit)
            if verb == "enable":
                self.enabled[unit] = True
            if verb == "disable":
                self.enabled.pop(unit, None)
                self.running.pop(unit, None)
            if verb in ("start", "restart", "reload") and unit == _units.NGINX_UNIT:
                self.nginx_mark = _nginx.mark(self._read(_files.CONF))
        return ""

    def _read(self, path):
        with open(path, encoding="utf-8") as stream:
            return stream.read()

    def _mark(self, unit):
        return _units.mark(self._read(f"{_files.SYSTEM}{unit}"))

    def answers(self, family, _address, path):
        if family == socket.AF_INET:
            self.state_paths.add(path)
            return self.breaks.get("nginx", self.nginx_mark).encode()
        policy = _secret.fingerprint(self._read(_files.POLICY))
        state = {"policy": policy, "why": "", "faults": {}}
        if "daemon" in self.breaks:
            state = None if self.breaks["daemon"] is None else {**state, **self.breaks["daemon"]}
        return json.dumps(state).encode()


@pytest.fixture
def base():
    with open_folder() as folder:
        yield folder


@pytest.fixture
def host(tmp_path, monkeypatch):
    root = tmp_path / "root"
    root.mkdir()
    made = Host(root)
    for name in ("PROGRAM", "ACCOUNTS", "POLICY", "CONF", "DROP_IN", "TRIED"):
        monkeypatch.setattr(_files, name, str(root) + getattr(_files, name))
    monkeypatch.setattr(_held, "BEFORE", str(root) + _held.BEFORE)
    monkeypatch.setattr(_files, "SYSTEM", str(root) + _files.SYSTEM)
    monkeypatch.setattr(_files, "PATHS", tuple(str(root) + path for path in _files.PATHS))
    monkeypatch.setattr(_files, "GROUPS", {str(root) + p: g for p, g in _files.GROUPS.items()})
    monkeypatch.setattr(_files, "gid", made.groups.get)
    monkeypatch.setattr(_files, "accounts", lambda: len(made.accounts) == 2)
    program = root / "nginx"
    program.write_text("")
    monkeypatch.setattr(_files, "PROGRAMS", (str(program),))
    (root / "run").mkdir()
    monkeypatch.setattr(_files.subprocess, "run", made.try_out)
    monkeypatch.setattr(_files._archive, "build", lambda _program: b"a program")
    monkeypatch.setattr(_files._own, "python", lambda: "/usr/bin/python3")
    monkeypatch.setattr(_service, "run", lambda argv: made.ask(argv))
    monkeypatch.setattr(_installed, "_asked", made.answers)
    monkeypatch.setattr(_installed, "_started_as", lambda unit: made.running.get(unit, ""))
    monkeypatch.setattr(_installed, "_FOLDERS", tuple(str(root) + f for f in _installed._FOLDERS))
    monkeypatch.setattr(_installed, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(_units, "KEY", str(root) + _units.KEY)
    monkeypatch.setattr(_units, "CERTIFICATE", str(root) + _units.CERTIFICATE)
    return made
