# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the server wrote is still there, and still says the policy."""

from __future__ import annotations

import time

import pytest

from tests.kit.outside import sign


@pytest.fixture
def prefix(version):
    return "" if version >= (2, 6, 2) else "settings."


@pytest.mark.parametrize("application", ["", "LiveApp"])
def test_the_servers_own_writing_is_left_alone(server, application):
    lines = server.file(application).read_text().splitlines()
    assert lines[0].startswith("#") and lines[0].endswith(str(time.gmtime().tm_year))
    assert not [line for line in lines[1:] if line.startswith("#")]


def test_the_save_stands(server, prefix):
    assert server.properties["LiveApp"][prefix + "hlsTime"] == "3"
    assert server.properties[""]["server.name"] == "media.example"


def test_the_policy_stands(server, secrets, prefix):
    said = server.properties["LiveApp"]
    assert said[prefix + "jwtControlEnabled"] == "true"
    assert said[prefix + "jwtSecretKey"] == secrets["app_defaults"]["rest"]
    assert said[prefix + "remoteAllowedCIDR"] == "127.0.0.1,127.0.0.2"
    assert server.properties[""]["server.allowed_dashboard_CIDR"] == "127.0.0.0/8,::1"
    text = server.file("LiveApp").read_text()
    assert secrets["app_defaults"]["rest"] not in text  # escaped: a comparison of text would differ


def test_enforced(server, secrets):
    good = sign(secrets["app_defaults"]["rest"], exp=int(time.time()) + 300)
    for application in server.applications:
        assert server.rest(application, good) == 200
        assert server.rest(application) == 403
        assert server.rest(application, good, source="127.0.0.3") == 403
