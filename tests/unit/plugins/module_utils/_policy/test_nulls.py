"""A null says nothing, and is told."""

from __future__ import annotations

import pytest

IS_NULL = "is null, which says nothing; leave the key out, or give it a value"


def test_a_null_does_not_take_back_what_a_weaker_layer_said(faults):
    assert faults(
        app_defaults={"rest_cidrs": ["10.0.0.0/8"]}, host_apps={"LiveApp": {"rest_cidrs": None}}
    ) == [f"antmedia_host_apps.LiveApp.rest_cidrs: {IS_NULL}"]


NULLS = {
    "antmedia_server_settings": {"server_settings": None},
    "antmedia_server_settings.logLevel": {"server_settings": {"logLevel": None}},
    "antmedia_app_defaults": {"app_defaults": None},
    "antmedia_app_defaults.rest_jwt": {"app_defaults": {"rest_jwt": None}},
    "antmedia_app_defaults.settings": {"app_defaults": {"settings": None}},
    "antmedia_app_defaults.settings.gopSize": {"app_defaults": {"settings": {"gopSize": None}}},
    "antmedia_apps": {"apps": None},
    "antmedia_apps.LiveApp": {"apps": {"LiveApp": None}},
    "antmedia_apps.LiveApp.rest_cidrs": {"apps": {"LiveApp": {"rest_cidrs": None}}},
    "antmedia_apps.LiveApp.publish": {"apps": {"LiveApp": {"publish": None}}},
    "antmedia_group_apps.events.settings.gopSize": {
        "group_apps": {"events": {"settings": {"gopSize": None}}}
    },
    "antmedia_host_apps.events.play": {"host_apps": {"events": {"play": None}}},
    "antmedia_operator_cidrs": {"operator_cidrs": None},
    "antmedia_allow_lockout": {"allow_lockout": None},
    "antmedia_unenforceable": {"unenforceable": None},
    "antmedia_widest_prefix": {"widest_prefix": None},
    "antmedia_widest_prefix.ipv4": {"widest_prefix": {"ipv4": None}},
    "antmedia_secrets.management": {"management_jwt": True, "secrets": {"management": None}},
    "antmedia_secrets.apps": {
        "secrets": {"apps": None},
        "apps": {"LiveApp": {"rest_jwt": True}},
    },
    "antmedia_secrets.apps.LiveApp": {
        "secrets": {"apps": {"LiveApp": None}},
        "apps": {"LiveApp": {"rest_jwt": True}},
    },
    "antmedia_secrets.apps.LiveApp.rest": {
        "secrets": {"apps": {"LiveApp": {"rest": None}}},
        "apps": {"LiveApp": {"rest_jwt": True}},
    },
    "antmedia_secrets.app_defaults.rest": {
        "secrets": {"app_defaults": {"rest": None}},
        "app_defaults": {"rest_jwt": True},
    },
    "antmedia_secrets.cluster": {"secrets": {"cluster": None}},
    "antmedia_secrets.admin": {"secrets": {"admin": None}},
    "antmedia_secrets.admin.email": {"secrets": {"admin": {"email": None, "password": "x"}}},
    "antmedia_secrets.settings.clusterdb.password": {
        "secrets": {"settings": {"clusterdb.password": None}}
    },
}


@pytest.mark.parametrize("variable", NULLS)
def test_a_null_is_one_fault_that_names_the_variable(faults, variable):
    assert faults(**NULLS[variable]) == [f"{variable}: {IS_NULL}"]


def test_a_null_is_a_fault_without_applications_too(faults):
    for policy in ({"app_defaults": {"rest_jwt": None}}, {"app_defaults": {"settings": None}}):
        assert len(faults(on={"apps": {}}, **policy)) == 1


def test_a_null_inside_a_setting_is_the_servers_business(compile_):
    value = {"x": None}
    wanted = compile_(apps={"LiveApp": {"settings": {"customSettings": value}}})
    assert wanted.apps["LiveApp"]["customSettings"] == '{"x":null}'
