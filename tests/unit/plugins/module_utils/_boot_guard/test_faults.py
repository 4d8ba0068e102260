"""Whether the guard can be installed, and do its work."""

from __future__ import annotations

import os

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    faults as _faults,
    guard as _guard,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    own as _own,
)

HOME = "/usr/local/antmedia"


@pytest.fixture
def faults(system, fake):
    def of(manager="systemd", version="2.17.1", jwt=True, wanted=True, **server):
        policy = {"server.jwtServerControlEnabled": "true" if jwt else "false", **server}
        if jwt:
            policy["server.jwtServerSecretKey"] = fake.SECRETS["management"]
        found = fake.installation(version, home=HOME)
        return _faults.of(found, policy, manager, wanted)

    return of


def test_nothing_in_the_way(faults, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert faults() == []
    assert faults(version="2.14.0", jwt=False) == []  # it does not come up open


@pytest.mark.parametrize("manager", ["none", "command"])
def test_only_with_systemd(faults, manager):
    assert "systemd does not start this server" in faults(manager=manager)[0]


def test_only_as_root(faults, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1)
    assert faults() == ["antmedia_boot_guard: needs root on the host; set become"]


def test_every_fault_at_once(faults, monkeypatch):
    def refuse(_ports):
        raise _firewall.FirewallError("nft is not installed; install the package nftables")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(_firewall, "closable", refuse)
    monkeypatch.setattr(_own, "PYTHONS", ("/nowhere",))
    found = faults(jwt=False)
    assert len(found) == 3
    assert found[0] == (
        "antmedia_boot_guard: nft is not installed; install the package nftables; or set it to"
        " false"
    )
    assert "no Python 3.8" in found[1]
    assert "set antmedia_management_jwt: true" in found[2]


def test_a_key_server_of_somebody_elses_is_no_access(faults, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "asks the server" in faults(**{"server.jwksURL": "https://idp.example.net"})[0]


def test_a_panel_that_lets_nobody_in_is_no_access(faults, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (fault,) = faults(**{"server.allowed_dashboard_CIDR": ""})
    assert "antmedia_dashboard_cidrs lets nobody in" in fault


def test_a_guard_that_is_there_must_be_able_to_check(faults, monkeypatch):
    """Else the next start, which nobody may be looking at, leaves the server closed."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert faults(jwt=False, wanted=None) == []
    _guard.Guard(HOME, True).put()
    assert "antmedia_boot_guard: false" in faults(jwt=False, wanted=None)[0]
    assert faults(wanted=None, manager="none") == []  # nothing here starts the server
    assert faults(jwt=False, wanted=False) == []
