"""The server as a whole: its panel, its tokens, its age."""

from __future__ import annotations

import pytest


def test_nobody_opens_the_panel_if_that_is_said(compile_):
    wanted = compile_(dashboard_cidrs="deny_all", allow_lockout=True, connected_from=["192.0.2.9"])
    assert wanted.server == {"server.allowed_dashboard_CIDR": ""}
    assert compile_(apps={"events": {"rest_cidrs": "deny_all"}}).apps["events"] == {
        "remoteAllowedCIDR": "127.0.0.1",
        "ipFilterEnabled": "true",
    }


def test_the_operator_stays_inside(faults, compile_):
    policy = {"dashboard_cidrs": ["203.0.113.0/24"], "operator_cidrs": ["203.0.113.7"]}
    assert compile_(**policy, connected_from=["203.0.113.9"]).server
    assert compile_(**policy, connected_from=["::ffff:203.0.113.9"]).server
    assert faults(**policy, connected_from=["192.0.2.9"]) == [
        "antmedia_dashboard_cidrs: would lock out 192.0.2.9 (the address this connection came"
        " from); add it, or set antmedia_allow_lockout: true"
    ]
    policy["operator_cidrs"] = ["192.0.2.0/24", "203.0.112.0/23", "203.0.113.0/25"]
    assert [fault.split(" (")[0] for fault in faults(**policy)] == [
        "antmedia_dashboard_cidrs: would lock out 192.0.2.0/24",
        "antmedia_dashboard_cidrs: would lock out 203.0.112.0/23",
    ]
    assert compile_(**policy, allow_lockout=True, connected_from=["192.0.2.9"]).server
    assert compile_(operator_cidrs=["192.0.2.9"], connected_from=["192.0.2.9"]).server == {}


def test_keys_by_address_overrule_the_management_secret(faults, compile_, fake):
    on = {"server": fake.SERVER.replace(b"jwksURL=", b"jwksURL=https://example.net")}
    policy = {"management_jwt": True, "secrets": {"management": fake.SECRETS["management"]}}
    assert faults(on=on, **policy) == [
        "antmedia_management_jwt: server.jwksURL is set, so the secret would not be used; set"
        " antmedia_server_settings: {server.jwksURL: ''}"
    ]
    assert compile_(on=on, **policy, server_settings={"server.jwksURL": ""}).server


@pytest.mark.parametrize("settings", [{}, {"gopSize": 3}])
def test_a_server_too_old(faults, settings):
    assert faults(on={"version": "2.3.3.1"}, app_defaults={"settings": settings}) == [
        "antmedia_home: Ant Media Server 2.3.3.1 is too old; upgrade it to 2.4.0 or newer"
    ]


def test_management_tokens_of_an_old_server(compile_, fake):
    policy = {"management_jwt": True, "secrets": {"management": fake.SECRETS["management"]}}
    assert compile_(on={"version": "2.5.0"}, **policy).warnings == []
    assert compile_(on={"version": "2.4.3"}, management_jwt=False).warnings == []
    (warning,) = compile_(on={"version": "2.4.3"}, **policy).warnings
    assert warning == (
        "antmedia_management_jwt: Ant Media Server 2.4.3 does not look at such tokens unless its"
        " web.xml is changed"
    )
