"""Settings by the names of the server."""

from __future__ import annotations


def test_unknown_setting_with_the_nearest_name(faults):
    assert faults(apps={"events": {"settings": {"hlsTme": 4, "qqqqqq": 1}}}) == [
        "antmedia_apps.events.settings.hlsTme: is not a setting of the server; did you mean"
        " hlsTime?",
        "antmedia_apps.events.settings.qqqqqq: is not a setting of the server",
    ]
    assert faults(apps={"events": {"settings": {"settings.hlsTime": 4}}}) == [
        "antmedia_apps.events.settings.settings.hlsTime: is not a setting of the server; did you"
        " mean"
        " hlsTime?"
    ]
    assert faults(apps={"events": {"settings": {"RTMPEnabled": True}}}) == [
        "antmedia_apps.events.settings.RTMPEnabled: is not a setting of the server"
    ]
    assert faults(server_settings={"http.prt": 1}) == [
        "antmedia_server_settings.http.prt: is not a setting of the server; did you mean http.port?"
    ]


def test_settings_that_are_no_mapping(faults):
    assert faults(apps={"events": {"settings": [1]}}) == [
        "antmedia_apps.events.settings: [1] is not a mapping"
    ]
    assert faults(server_settings="x") == ["antmedia_server_settings: 'x' is not a mapping"]


def test_settings_with_a_variable_of_their_own(faults):
    assert faults(
        server_settings={
            "server.allowed_dashboard_CIDR": "10.0.0.0/8",
            "server.jwtServerControlEnabled": True,
        }
    ) == [
        "antmedia_server_settings.server.allowed_dashboard_CIDR: write antmedia_dashboard_cidrs"
        " instead",
        "antmedia_server_settings.server.jwtServerControlEnabled: write antmedia_management_jwt"
        " instead",
    ]


def test_a_secret_among_the_settings(faults):
    assert faults(
        server_settings={"server.jwtServerSecretKey": "x", "clusterdb.password": "x"},
        apps={"LiveApp": {"settings": {"jwtSecretKey": "x", "s3SecretKey": "x"}}},
    ) == [
        "antmedia_server_settings.server.jwtServerSecretKey: is a secret; put it into"
        " antmedia_secrets.management",
        "antmedia_server_settings.clusterdb.password: is a secret; put it into"
        " antmedia_secrets.settings.clusterdb.password",
        "antmedia_apps.LiveApp.settings.jwtSecretKey: is a secret; put it into"
        " antmedia_secrets.apps.LiveApp.rest",
        "antmedia_apps.LiveApp.settings.s3SecretKey: is a secret; put it into"
        " antmedia_secrets.apps.LiveApp.settings.s3SecretKey",
    ]
