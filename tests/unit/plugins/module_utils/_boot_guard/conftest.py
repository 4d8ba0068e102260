from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    files as _files,
    program as _program,
    prove as _prove,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    installation as _installation,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import ready as _ready


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A host with systemd and nftables: what was asked of systemd, where the files are."""
    found = SimpleNamespace(asked=[], closed=False, drop_ins=None, broken=())
    for name, path in (
        ("PROGRAM", "lib/a.pyz"),
        ("UNIT", "etc/a.service"),
        ("DROP_IN", "d/a.conf"),
    ):
        monkeypatch.setattr(_files, name, str(tmp_path / path))

    def systemctl(argv):
        found.asked.append(" ".join(argv[1:]))
        if argv[1] in found.broken:
            raise _service.ServiceError("systemctl: no")
        if argv[1] == "show":
            drop_ins = found.drop_ins
            return "DropInPaths=" + (_files.DROP_IN if drop_ins is None else drop_ins)
        return ""

    def open_again():
        found.closed = False

    monkeypatch.setattr(_service, "run", systemctl)
    monkeypatch.setattr(_firewall, "closed", lambda: found.closed)
    monkeypatch.setattr(_firewall, "open_again", open_again)
    monkeypatch.setattr(_firewall, "closable", lambda ports: None)
    monkeypatch.setattr(_program, "STATE", str(tmp_path / "run"))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid())
    return found


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(_program, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(_prove, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(_ready, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(_ready, "FORK_SECONDS", 0.05)


@pytest.fixture
def guarded(home, ams, fake, quick):
    """A server whose files ask for tokens everywhere; how it starts is the test's."""
    server = home / "conf" / "red5.properties"
    with server.open("ab") as stream:
        stream.write(b"\nserver.jwtServerControlEnabled=true\n")
        stream.write("server.jwtServerSecretKey={management}\n".format(**fake.SECRETS).encode())
    for app in ("LiveApp", "events"):
        with open(_installation.app_path(str(home), app), "ab") as stream:
            stream.write(b"\njwtControlEnabled=true\n")
            stream.write("jwtSecretKey={rest}\n".format(**fake.SECRETS).encode())
    ams.stop()
    ams.log.write_text("")
    return ams


@pytest.fixture
def without_management(guarded, home):
    path = home / "conf" / "red5.properties"
    path.write_bytes(path.read_bytes().replace(b"ControlEnabled=true", b"ControlEnabled=false"))
    return guarded


@pytest.fixture
def service(home):
    return _service.Service(str(home), "systemd")
