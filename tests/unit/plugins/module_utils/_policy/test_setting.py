"""One setting, by whatever word or name it is given."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("turn", [lambda pairs: pairs, reversed])
def test_settings_that_contradict_the_words(faults, turn):
    """In whatever order they stand."""
    keys = [("rest_cidrs", ["10.0.0.1"]), ("settings", {"ipFilterEnabled": False})]
    assert faults(apps={"LiveApp": dict(turn(keys))}) == [
        "antmedia_apps.LiveApp.settings.ipFilterEnabled: False contradicts what the policy says"
        " elsewhere about this setting"
    ]


def test_settings_that_agree_with_the_words(compile_):
    wanted = compile_(
        apps={"LiveApp": {"settings": {"remoteAllowedCIDR": "10.0.0.1"}, "rest_cidrs": "10.0.0.1"}}
    )
    assert wanted.apps["LiveApp"]["remoteAllowedCIDR"] == "10.0.0.1,127.0.0.1"


@pytest.mark.parametrize(
    ("policy", "variable"),
    [
        (lambda v: {"dashboard_cidrs": v}, "antmedia_dashboard_cidrs"),
        (lambda v: {"app_defaults": {"rest_cidrs": v}}, "antmedia_app_defaults.rest_cidrs"),
        (
            lambda v: {"apps": {"LiveApp": {"publisher_cidrs": v}}},
            "antmedia_apps.LiveApp.publisher_cidrs",
        ),
        (
            lambda v: {"apps": {"LiveApp": {"settings": {"remoteAllowedCIDR": v}}}},
            "antmedia_apps.LiveApp.settings.remoteAllowedCIDR",
        ),
    ],
)
def test_every_fault_of_a_list_under_its_variable(faults, policy, variable):
    entries = ["10.0.0.1/8", "example.net", "127.0.0.1"]
    found = faults(**policy(entries))
    assert [fault.split(": ")[0] for fault in found] == [variable] * 2
    assert "10.0.0.0/8" in found[0]
    assert "example.net" in found[1]


def test_an_empty_list_would_lock_everybody_out(faults):
    assert "deny everybody" in faults(dashboard_cidrs=[])[0]
    assert "deny everybody" in faults(apps={"events": {"rest_cidrs": []}})[0]


@pytest.mark.parametrize("value", [[], "deny_all"])
@pytest.mark.parametrize("hatch", [False, True])
def test_no_publisher_at_all_would_let_everybody_publish(faults, value, hatch):
    keys = {"settings": {"allowedPublisherCIDR": value}} if hatch else {"publisher_cidrs": value}
    (fault,) = faults(apps={"LiveApp": keys})
    assert "an empty list lets everybody publish; write any if that is meant" in fault


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("hlsTime", "abc", "is not a whole number from 1 on; with it the server makes no HLS"),
        ("hlsTime", 2.5, "is not a whole number from 1 on; with it the server makes no HLS"),
        ("hlsTime", True, "is not a whole number from 1 on; with it the server makes no HLS"),
        ("hlsTime", "", "is not a whole number from 1 on; with it the server makes no HLS"),
        (
            "hlsListSize",
            2,
            "is not a whole number from 5 on; of a smaller number the server makes 5",
        ),
        ("hlsPlayListType", "live", "is not one of event, vod; the server takes no notice of it"),
        ("hlsflags", "delete_segmnts", "is not a list of flags of FFmpeg's HLS"),
        ("s3Permission", "privat", "is not one of public-read, private"),
        ("encoderSettingsString", "480, 300000, 64000", "is not a list of three numbers"),
        ("timeTokenPeriod", 0, "is not a whole number from 1 on; with it no code is ever right"),
    ],
)
def test_texts_that_the_server_reads_as_something_else(faults, name, value, reason):
    """It takes them all, and fails over them later, or means something else by them."""
    (fault,) = faults(apps={"LiveApp": {"settings": {name: value}}}, unenforceable="warn")
    assert fault.startswith(f"antmedia_apps.LiveApp.settings.{name}: {value!r} {reason}")


def test_an_address_that_the_server_listens_at(faults, compile_):
    variable = "antmedia_server_settings.http.host"
    assert faults(server_settings={"http.host": "stream.example"}) == [
        f"{variable}: 'stream.example' is not an IP address; of a name that the host does not"
        " know the"
        " server makes every address"
    ]
    assert compile_(server_settings={"http.host": "10.0.0.5"}).server == {"http.host": "10.0.0.5"}
