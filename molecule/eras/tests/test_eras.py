# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The spelling follows the version; what the server does is the same everywhere."""

from __future__ import annotations

import time

import pytest

from tests.kit.outside import sign

OTHER = "test-only-secret-that-no-server-knows-of"
WANTED = {
    "remoteAllowedCIDR": "127.0.0.1,127.0.0.2",
    "ipFilterEnabled": "true",
    "jwtControlEnabled": "true",
    "jwtSecretKey": "test-only-rest-secret-of-the-scenario",
}
FIRST_BARE = (2, 6, 2)


@pytest.fixture
def running(version):
    if version >= (3,):
        pytest.skip("files of a 3.x installation; no server runs from them and nothing is claimed")


def test_spelling(server, version):
    for application in server.applications:
        said = server.properties[application]
        right, wrong = ("", "settings.") if version >= FIRST_BARE else ("settings.", "")
        assert {key: said.get(right + key) for key in WANTED} == WANTED
        assert not [key for key in WANTED if wrong + key in said]
    assert server.properties["WebRTCApp"][right + "hlsTime"] == "4"
    assert wrong + "hlsTime" not in server.properties["WebRTCApp"]
    assert server.properties[""]["server.allowed_dashboard_CIDR"] == "127.0.0.1,127.0.0.16/28"


def test_owner(server):
    for application in ("", *server.applications):
        status = server.file(application).stat()
        assert (status.st_uid, status.st_gid) == (996, 996)
        assert not status.st_mode & 0o007 or "Secret" not in server.file(application).read_text()


def test_panel_by_address(server, running):
    path = "/rest/v2/first-login-status"
    assert server.request(path, "127.0.0.1").status == 200
    assert server.request(path, "127.0.0.17").status == 200
    assert server.request(path, "127.0.0.9").status == 403


def test_rest_by_token_and_address(server, running):
    good = sign(WANTED["jwtSecretKey"], exp=int(time.time()) + 300)
    for application in server.applications:
        assert server.rest(application, good) == 200
        assert server.rest(application, good, source="127.0.0.2") == 200
        assert server.rest(application, good, source="127.0.0.3") == 403
        assert server.rest(application) == 403
        assert server.rest(application, sign(OTHER)) == 403
        assert server.rest(application, sign(WANTED["jwtSecretKey"], exp=1)) == 403
