# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server enforces what the inventory says, and stands as an installed server stands."""

from __future__ import annotations

import time

import pytest

from tests.kit.outside import sign

OTHER = "test-only-secret-that-no-server-knows-of"


def soon() -> int:
    return int(time.time()) + 300


def test_files_say_the_policy(server):
    said = server.properties
    assert said[""]["server.allowed_dashboard_CIDR"] == "127.0.0.1,127.0.0.16/28"
    assert said[""]["server.jwtServerControlEnabled"] == "true"
    assert said["LiveApp"]["remoteAllowedCIDR"] == "127.0.0.1,127.0.0.2"
    assert said["LiveApp"]["jwtControlEnabled"] == "true"
    assert said["WebRTCApp"]["remoteAllowedCIDR"] == "127.0.0.1,127.0.0.3"
    assert said["WebRTCApp"]["jwtControlEnabled"] == "false"
    assert said["live"]["hlsTime"] == "4"
    assert said["live"]["jwtSecretKey"] != said["LiveApp"]["jwtSecretKey"]


def test_what_the_policy_does_not_name_is_as_shipped(server):
    said = server.properties
    assert said[""]["server.cpu_limit"] == "100"
    assert said["LiveApp"]["settings.hlsTime"] == "2"
    for name in ("LiveApp", "WebRTCApp", "live"):
        assert said[name]["webapp.contextPath"] == "/" + name
        assert said[name]["db.type"] == "mapdb"
    assert not set(said["LiveApp"]) & {"publishJwtControlEnabled", "jwtStreamSecretKey", "hlsTime"}


@pytest.mark.parametrize(
    ("application", "mode"),
    [("", 0o640), ("LiveApp", 0o640), ("live", 0o640), ("WebRTCApp", 0o644)],
)
def test_owner_and_mode(host, server, application, mode):
    path = server.file(application)
    file = host.file(str(path)[len(str(server.home.parents[2])) :])
    assert (file.user, file.group) == ("antmedia", "antmedia")
    assert file.mode == mode


def test_no_other_file_is_left_behind(server):
    for folder in (server.home / "conf", *server.home.glob("webapps/*/WEB-INF")):
        names = [path.name for path in folder.iterdir()]
        assert not [name for name in names if name.startswith(".") or name.endswith(("~", ".bak"))]


def test_service(host):
    service = host.service("antmedia")
    assert service.is_running and service.is_enabled
    assert service.systemd_properties["NRestarts"] == "0"
    assert host.process.get(user="antmedia", comm="java")


@pytest.mark.parametrize("port", [5080, 1935])
def test_listens(host, port):
    assert host.socket(f"tcp://0.0.0.0:{port}").is_listening


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.17", 200),
        ("127.0.0.31", 200),
        ("127.0.0.32", 403),
        ("127.0.0.9", 403),
    ],
)
def test_panel_by_address(server, source, status):
    assert server.request("/rest/v2/liveness", source).status == status


@pytest.mark.parametrize(
    ("secret", "claims", "status"),
    [
        ("management", {}, 200),
        ("management", {"exp": 1}, 403),
        (OTHER, {}, 403),
        ("", {}, 403),
    ],
)
def test_management_by_token(server, secrets, secret, claims, status):
    token = secret and sign(secrets.get(secret, secret), **{"exp": soon(), **claims})
    assert server.panel(token=token) == status


@pytest.mark.parametrize("application", ["LiveApp", "live"])
def test_rest_by_token_and_address(server, secrets, application):
    mine = secrets["apps"].get(application, secrets["app_defaults"])["rest"]
    good = sign(mine, exp=soon())
    assert server.rest(application, good) == 200
    assert server.rest(application, good, source="127.0.0.2") == 200
    assert server.rest(application, good, source="127.0.0.3") == 403
    assert server.rest(application) == 403
    assert server.rest(application, sign(OTHER, exp=soon())) == 403
    assert server.rest(application, sign(mine, exp=1)) == 403


def test_one_applications_secret_opens_no_other(server, secrets):
    assert server.rest("LiveApp", sign(secrets["apps"]["live"]["rest"], exp=soon())) == 403
    assert server.rest("live", sign(secrets["app_defaults"]["rest"], exp=soon())) == 403


def test_rest_by_address_alone(server):
    assert server.rest("WebRTCApp", source="127.0.0.3") == 200
    assert server.rest("WebRTCApp", source="127.0.0.1") == 200  # the panel's own way in stays
    assert server.rest("WebRTCApp", source="127.0.0.2") == 403


def test_streams_stay_open(server):
    assert server.play("LiveApp") == "accepted"
    assert server.publish("LiveApp", "open1") == "accepted"
