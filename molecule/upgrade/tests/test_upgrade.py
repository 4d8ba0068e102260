# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The policy stands under the names this version reads, and under no other."""

from __future__ import annotations

import time

import pytest

from tests.kit.outside import sign

SECRET = "test-only-rest-secret-of-the-scenario"
WANTED = {
    "remoteAllowedCIDR": "127.0.0.1,127.0.0.2",
    "jwtControlEnabled": "true",
    "jwtSecretKey": SECRET,
}


def test_new_names_alone(server):
    for application in server.applications:
        said = server.properties[application]
        assert {key: said.get(key) for key in WANTED} == WANTED
        assert not [key for key in WANTED if "settings." + key in said]


def test_each_name_stands_once(server):
    for application in server.applications:
        lines = server.file(application).read_text("iso-8859-1").splitlines()
        names = [line.partition("=")[0].strip() for line in lines if not line.startswith("#")]
        assert [names.count(key) for key in WANTED] == [1] * len(WANTED)


def test_what_the_policy_does_not_name_keeps_its_name(server):
    assert server.properties["LiveApp"]["settings.hlsTime"] == "2"
    assert "hlsTime" not in server.properties["LiveApp"]


def test_enforced(server, version):
    if version >= (3,):
        pytest.skip("files of a 3.x installation; no server runs from them and nothing is claimed")
    for application in server.applications:
        assert server.rest(application, sign(SECRET, exp=int(time.time()) + 300)) == 200
        assert server.rest(application) == 403
        assert server.rest(application, sign(SECRET), source="127.0.0.3") == 403
