from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secret as _secret,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    process as _process,
)

BAD_INPUT = {
    "unknown application": (
        {"apps": {"LiveAp": {"rest_jwt": True}}},
        [
            "antmedia_apps.LiveAp: there is no application 'LiveAp' on this host; it has LiveApp,"
            " events"
        ],
    ),
    "unknown setting": (
        {"apps": {"events": {"settings": {"hlsTme": 4}}}},
        [
            "antmedia_apps.events.settings.hlsTme: is not a setting of the server; did you mean"
            " hlsTime?"
        ],
    ),
    "unknown word": (
        {"app_defaults": {"rest_cidr": ["127.0.0.1"]}},
        ["antmedia_app_defaults.rest_cidr: is not known; did you mean rest_cidrs?"],
    ),
    "wrong type": (
        {"apps": {"events": {"settings": {"gopSize": "many"}}}},
        ["antmedia_apps.events.settings.gopSize: 'many' is not a whole number"],
    ),
    "blank boolean": (
        {"app_defaults": {"rest_jwt": ""}, "apps": {"events": {"settings": {"h264Enabled": ""}}}},
        [
            "antmedia_app_defaults.rest_jwt: '' is not a boolean; write true or false",
            "antmedia_apps.events.settings.h264Enabled: '' is not a boolean; write true or false",
        ],
    ),
    "an application twice after layering": (
        {"host_apps": {"LiveApp": {}, " LiveApp": {}}},
        ["antmedia_host_apps. LiveApp: names the application LiveApp a second time"],
    ),
    "short secret": (
        {"management_jwt": True, "secrets": {"management": "sh0rt-One"}},
        ["antmedia_secrets.management: has 9 characters, at least 32 are needed"],
    ),
    "secret that breaks the file": (
        {"management_jwt": True, "secrets": {"management": "back\\slash-0123456789-abcdefghij-x"}},
        ["antmedia_secrets.management: has a backslash or a quote"],
    ),
    "secret that Java would expand": (
        {"management_jwt": True, "secrets": {"management": "expand-${x}-0123456789-abcdefghij-x"}},
        [
            "antmedia_secrets.management: has ${ or #{, which the server would expand or execute",
        ],
    ),
    "well-known secret": (
        {"management_jwt": True, "secrets": {"management": sorted(_secret.KNOWN_SAMPLES)[0]}},
        ["antmedia_secrets.management: is a published sample that anybody can sign with"],
    ),
    "the same secret in two realms": (
        {
            "management_jwt": True,
            "app_defaults": {"rest_jwt": True},
            "secrets": {
                "management": "the-same-0123456789-abcdefghij-xx",
                "app_defaults": {"rest": "the-same-0123456789-abcdefghij-xx"},
            },
        },
        [
            "antmedia_secrets.app_defaults.rest, antmedia_secrets.management: the same secret"
            " serves two realms; give each its own"
        ],
    ),
    "no secret": (
        {"management_jwt": True},
        [
            "antmedia_management_jwt: needs a secret; the playbook streamward.antmedia.secrets"
            " makes it where antmedia_secret_store is set, else set antmedia_secrets.management"
        ],
    ),
    "host bits": (
        {"dashboard_cidrs": ["10.1.2.3/8"]},
        [
            "antmedia_dashboard_cidrs: '10.1.2.3/8' has host bits set: write 10.0.0.0/8 for the"
            " block, or 10.1.2.3 for the address"
        ],
    ),
    "host name": (
        {"app_defaults": {"rest_cidrs": ["panel.example.net"]}},
        [
            "antmedia_app_defaults.rest_cidrs: 'panel.example.net' is a host name, which the"
            " server looks up on every request: write its addresses"
        ],
    ),
    "empty list": (
        {"dashboard_cidrs": []},
        [
            "antmedia_dashboard_cidrs: the list is empty, which would deny everybody: name who is"
            " let in (127.0.0.1 for this host alone), or say with deny_all that it is meant"
        ],
    ),
    "prefix too wide": (
        {"dashboard_cidrs": ["0.0.0.0/1"]},
        [
            "antmedia_dashboard_cidrs: '0.0.0.0/1' is wider than the widest IPv4 prefix allowed,"
            " which is /8: narrow it, or set antmedia_widest_prefix"
        ],
    ),
    "a boot guard without systemd": (
        {"boot_guard": True, "management_jwt": None, "service_manager": "none"},
        [
            "antmedia_boot_guard: systemd does not start this server (service manager none); leave"
            " it out"
        ],
    ),
    "operator locked out": (
        {"dashboard_cidrs": ["127.0.0.1"], "operator_cidrs": ["192.0.2.9"]},
        [
            "antmedia_dashboard_cidrs: would lock out 192.0.2.9 (antmedia_operator_cidrs); add it,"
            " or set antmedia_allow_lockout: true"
        ],
    ),
    "not enforced by this edition": (
        {"apps": {"LiveApp": {"publish": "one_time"}}},
        [
            "antmedia_apps.LiveApp.publish: 'one_time': the Community edition accepts"
            " publishTokenControlEnabled and does not enforce it; use the Enterprise edition, or"
            " set antmedia_unenforceable: warn"
        ],
    ),
    "two kinds of token on one direction": (
        {"apps": {"LiveApp": {"publish": ["jwt", "totp"]}}},
        [
            "antmedia_apps.LiveApp.publish: ['jwt', 'totp']: the server takes one kind of token a"
            f" direction; name one of none, hook, {', '.join(_words.KINDS)}"
        ],
    ),
    "no window": (
        {"maintenance_window": "at night"},
        [
            "antmedia_maintenance_window: 'at night' is not a window; write for example"
            " '02:00-04:30'"
            " or 'sat,sun 23:00-05:00'"
        ],
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
@pytest.mark.parametrize("check", [False, True])
def test_bad_input(faults, case, check):
    arguments, expected = BAD_INPUT[case]
    assert faults(check=check, **arguments) == expected


def test_all_bad_input_in_one_error(faults):
    """Each with another variable, so that all fit into one call."""
    found = faults(
        dashboard_cidrs=["10.1.2.3/8"],
        management_jwt=True,
        server_settings={"http.port": "x"},
        app_defaults={"rest_jwt": ""},
        apps={"nope": {}, "LiveApp": {"play": ["jwt", "totp"]}},
        group_apps={"events": {"settings": {"hlsTme": 1}}},
        host_apps={"LiveApp": {"rest_cidrs": ["x.example.net"]}},
        secrets={"management": "sh0rt-One"},
        maintenance_window="never",
    )
    assert len(found) == 9
    variables = [
        "maintenance_window",
        "dashboard_cidrs",
        "server_settings.http.port",
        "secrets.management",
        "apps.nope",
        "host_apps.LiveApp.rest_cidrs",
        "app_defaults.rest_jwt",
        "apps.LiveApp.play",
        "group_apps.events.settings.hlsTme",
    ]
    assert sorted(fault.split(":")[0] for fault in found) == sorted(
        "antmedia_" + variable for variable in variables
    )


def test_a_refused_secret_is_nowhere_in_the_result(secure):
    secret = "n0body-may-see-this'"
    result = secure(management_jwt=True, secrets={"management": secret})
    assert result["failed"]
    assert secret not in json.dumps(result)
    assert "n0body" not in json.dumps(result)


def test_the_operator_is_where_the_connection_came_from(faults, monkeypatch):
    monkeypatch.setattr(_process, "connected_from", lambda: ["192.0.2.9"])
    assert faults(dashboard_cidrs=["127.0.0.1"]) == [
        "antmedia_dashboard_cidrs: would lock out 192.0.2.9 (the address this connection came"
        " from); add it, or set antmedia_allow_lockout: true"
    ]


@pytest.fixture
def without(home, fake):
    """Take filters from an application's web.xml, and return its path."""

    def take(*names, app="events"):
        path = home / "webapps" / app / "WEB-INF" / "web.xml"
        path.write_text(fake.web_xml("application", without=names))
        return path

    return take


@pytest.mark.parametrize("check", [False, True])
def test_a_policy_whose_filter_is_gone(faults, without, home, check):
    name = "io.antmedia.filter.IPFilter"
    path = without(name)
    policy = {"app_defaults": {"rest_cidrs": ["127.0.0.1"]}}
    assert faults(check=check, **policy) == [
        f"app events: {path} has no filter {name}, so nothing looks who asks for the REST API and"
        " uploads segments (remoteAllowedCIDR, ipFilterEnabled); have it as StreamApp-2.17.1.war"
        f" in {home} has it, and restart the server"
    ]


def test_a_filter_that_the_policy_does_not_need(secure, without):
    without("io.antmedia.filter.JWTFilter", "io.antmedia.filter.TokenFilterManager")
    assert not secure(check=True, apps={"events": {"rest_cidrs": ["127.0.0.1"]}})["failed"]


def test_whoever_says_so_is_only_warned(secure, without):
    without("io.antmedia.filter.IPFilter")
    policy = {"unenforceable": "warn", "apps": {"events": {"rest_cidrs": ["127.0.0.1"]}}}
    result = secure(check=True, **policy)
    assert not result["failed"]
    (warning,) = [text for text in result["warnings"] if "has no filter" in text]
    assert warning.startswith("app events: ")
