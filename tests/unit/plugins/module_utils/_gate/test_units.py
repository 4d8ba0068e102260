"""The gate's units, as texts; systemd itself reads them elsewhere."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    policy as _policy,
    units as _units,
)

CERTIFICATE = _policy.Certificate("/etc/ssl/a b/c%.pem", "/etc/keys/k.pem")


@pytest.fixture
def policy(text):
    return _policy.read(text)


def secure(policy, **ports):
    listen = dataclasses.replace(policy.listen, **{"https": 5443, "rtmps": 8443, **ports})
    return dataclasses.replace(policy, listen=listen, certificate=CERTIFICATE)


def both(policy):
    return [
        _units.daemon(policy, "/usr/bin/python3 -I /x/gate.pyz /p.json", b"program"),
        _units.nginx(policy, "/usr/sbin/nginx"),
    ]


def test_both_hold_the_ports_before_the_server_starts(policy):
    for unit in both(policy):
        assert "Before=antmedia.service\n" in unit
        assert "Restart=always\n" in unit
        assert "StartLimitIntervalSec=0\n" in unit
        assert "WantedBy=multi-user.target\n" in unit
    daemon, nginx = both(policy)
    # Started means that the ports are there.
    assert "Type=notify\n" in daemon
    assert "Type=forking\n" in nginx
    assert "daemon off" not in nginx


def test_the_server_starts_after_the_gate_and_never_without_it():
    text = _units.drop_in()
    assert "After=streamward-gate.service streamward-gate-nginx.service\n" in text
    assert "Wants=streamward-gate.service streamward-gate-nginx.service\n" in text
    # With Requires= an end of the gate would be one of the server.
    assert "Requires" not in text
    assert "BindsTo" not in text
    for unit in ("streamward-gate", "streamward-gate-nginx"):
        assert f"ExecStartPre=+/bin/systemctl is-active --quiet {unit}.service\n" in text


def test_nobody_is_root_and_nothing_is_writable(policy):
    for unit, account in zip(both(policy), ("streamward-gate", "streamward-gate-nginx")):
        assert f"\nUser={account}\n" in unit
        for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
            assert f"\n{line}\n" in unit
        assert "ReadWritePaths" not in unit
        assert "ExecStartPre=+" not in unit
        assert "UMask=0077\n" in unit


def test_only_ports_below_1024_need_a_right(policy):
    right = "CAP_NET_BIND_SERVICE"
    assert not [unit for unit in both(secure(policy)) if right in unit]
    daemon, nginx = both(secure(policy, https=443))
    assert right not in daemon
    assert f"CapabilityBoundingSet={right}\nAmbientCapabilities={right}\n" in nginx
    daemon, nginx = both(secure(policy, rtmps=443))
    assert right in daemon
    assert right not in nginx


def test_who_reads_what(policy):
    daemon, nginx = both(policy)
    # The daemon's socket is nginx's to reach; the policy, with its secrets, is not.
    assert "Group=streamward-gate-nginx\n" in daemon
    assert "SupplementaryGroups=streamward-gate streamward-gate-tls\n" in daemon
    assert "RuntimeDirectoryMode=0750\n" in daemon
    assert "Group=streamward-gate-nginx\n" in nginx
    assert "SupplementaryGroups=streamward-gate-tls\n" in nginx
    assert "RuntimeDirectoryMode=0700\n" in nginx


def test_a_unit_says_what_it_was_started_as(policy):
    daemon, nginx = both(policy)
    assert _units.mark(daemon) != _units.mark(nginx) != ""
    assert _units.mark(both(policy)[0]) == _units.mark(daemon)
    other = _units.daemon(policy, "/usr/bin/python3 -I /x/gate.pyz /p.json", b"another program")
    assert _units.mark(other) != _units.mark(daemon)
    assert _units.mark(_units.drop_in()) == ""
    assert "{mark}" not in daemon + nginx


def test_a_certificate_is_copied_by_a_unit_of_its_own(policy):
    assert not [unit for unit in both(policy) if "streamward-gate-tls.service" in unit]
    for unit in both(secure(policy)):
        assert "Wants=streamward-gate-tls.service\nAfter=streamward-gate-tls.service\n" in unit
    daemon, nginx = both(secure(policy, rtmps=None))
    assert "streamward-gate-tls.service" not in daemon
    assert "streamward-gate-tls.service" in nginx
    unit = _units.tls(CERTIFICATE)
    source = '"/etc/ssl/a b/c%%.pem"'
    copy = "/run/streamward-gate-tls/certificate.pem"
    assert f"ExecStart=/usr/bin/install -m 0640 -T -- {source} {copy}\n" in unit
    assert "RuntimeDirectoryMode=0750\n" in unit
    assert "UMask=0027\n" in unit
    assert "Group=streamward-gate-tls\n" in unit


def test_a_certificate_is_watched_by_its_folders():
    text = _units.tls_watch(CERTIFICATE)
    assert "PathChanged=/etc/ssl/a b\nPathChanged=/etc/keys\n" in text
    one = _units.tls_watch(_policy.Certificate("/etc/x/a.pem", "/etc/x/b.pem"))
    assert one.count("PathChanged=") == 1


def test_accounts_are_as_sysusers_takes_them():
    for line in _units.ACCOUNTS.splitlines():
        assert line.startswith(("#", "g ", "u "))
        assert ":" not in line.partition('"')[2]  # of a name, a colon is refused
