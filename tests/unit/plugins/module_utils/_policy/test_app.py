"""The words for an application."""

from __future__ import annotations

import pytest

ENTERPRISE = {"edition": "enterprise"}


def test_lists_and_rest_tokens(compile_, fake):
    wanted = compile_(
        dashboard_cidrs=["203.0.113.0/24", ["2001:db8:1::/48"]],
        management_jwt=True,
        app_defaults={"rest_cidrs": ["10.0.0.0/8"], "rest_jwt": True},
        apps={"events": {"rest_jwt": False}},
        secrets={
            "management": fake.SECRETS["management"],
            "app_defaults": {"rest": fake.SECRETS["rest"]},
        },
    )
    assert wanted.server == {
        "server.allowed_dashboard_CIDR": "203.0.113.0/24,2001:db8:1::/48",
        "server.jwtServerControlEnabled": "true",
        "server.jwtServerSecretKey": fake.SECRETS["management"],
    }
    rest = {"remoteAllowedCIDR": "10.0.0.0/8,127.0.0.1", "ipFilterEnabled": "true"}
    assert wanted.apps == {
        "LiveApp": {**rest, "jwtControlEnabled": "true", "jwtSecretKey": fake.SECRETS["rest"]},
        "events": {**rest, "jwtControlEnabled": "false"},
    }


def test_publisher_addresses(compile_):
    wanted = compile_(on=ENTERPRISE, apps={"LiveApp": {"publisher_cidrs": ["198.51.100.0/24"]}})
    assert wanted.apps["LiveApp"] == {"allowedPublisherCIDR": "198.51.100.0/24"}


def test_everybody_may_publish_on_any_edition(compile_):
    wanted = compile_(apps={"LiveApp": {"publisher_cidrs": "any"}})
    assert wanted.apps["LiveApp"] == {"allowedPublisherCIDR": "0.0.0.0/0,::/0"}


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("rest_cidr", "did you mean rest_cidrs?"),
        ("publisher_cidr", "did you mean publisher_cidrs?"),
        ("hlsTime", "for the server's setting hlsTime write settings: {hlsTime: ...}"),
        (
            "settings.remoteAllowedCIDR",
            "for the server's setting remoteAllowedCIDR write settings: {remoteAllowedCIDR: ...}",
        ),
        (
            "qqqq",
            "known are play, publish, publish_hook, publisher_cidrs, rest_cidrs, rest_jwt,"
            " settings",
        ),
    ],
)
def test_unknown_word_of_an_app(faults, word, remedy):
    assert faults(apps={"LiveApp": {word: 1}}) == [
        f"antmedia_apps.LiveApp.{word}: is not known; {remedy}"
    ]
