from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    open_doors as _open_doors,
)

CLOSED = {"remoteAllowedCIDR": "127.0.0.1", "ipFilterEnabled": "true"}


def found(direction, version, **settings):
    holds = {**CLOSED, **settings}
    return [door.why for door in _open_doors.open_doors(direction, version, holds.get)]


# As real servers of 2.4.3, 2.6.1, 2.6.2 and 2.17.1 did when they were asked.
@pytest.mark.parametrize(
    ("version", "switch", "is_open"),
    [
        ((2, 4, 3), None, True),
        ((2, 4, 3), "true", True),
        ((2, 5, 0), None, False),
        ((2, 6, 1), "true", True),
        ((2, 6, 2), "YES", True),
        ((2, 6, 2), "false", False),
        ((2, 15, 0), "true", True),
        ((2, 16, 0), "true", False),
        ((2, 17, 1), None, False),
        ((3, 0, 3), "true", False),
    ],
)
def test_rtmp_play(version, switch, is_open):
    doors = found("play", version, rtmpPlaybackEnabled=switch)
    assert [("RTMP" in why) for why in doors] == [True] * is_open
    assert found("publish", version, rtmpPlaybackEnabled=switch) == []


def test_pictures():
    assert any("preview" in why for why in found("play", (2, 17, 1), generatePreview="true"))


@pytest.mark.parametrize(
    "settings",
    [
        {"remoteAllowedCIDR": "0.0.0.0/0,::/0"},
        {"remoteAllowedCIDR": "10.0.0.1,0.0.0.0/0"},
        {"ipFilterEnabled": "false"},
    ],
)
@pytest.mark.parametrize("direction", ["play", "publish"])
def test_a_rest_api_that_is_open(settings, direction):
    version = (2, 17, 1)
    assert any("make tokens" in why for why in found(direction, version, **settings))
    doors = found(direction, version, jwtControlEnabled="true", **settings)
    assert not any("make tokens" in why for why in doors)
    # Where files are put no token is asked for.
    assert any("/chunked" in why for why in doors) is (direction == "publish")


def test_names():
    assert {door.name for door in _open_doors.OPEN} <= set(_open_doors.NAMES)


def test_nothing_is_open_as_shipped():
    shipped = {s.name: s.default for s in _catalogue.of_file(_catalogue.APP)}
    for direction in ("play", "publish"):
        assert _open_doors.open_doors(direction, (2, 17, 1), shipped.get) == []


@pytest.mark.parametrize(
    ("version", "text", "dead"),
    [
        ((2, 15, 0), "false", False),
        ((2, 16, 0), "false", True),
        ((2, 17, 1), "false", True),
        ((2, 17, 1), "true", False),
        ((3, 0, 0), "false", False),
    ],
)
def test_a_switch_that_does_nothing(version, text, dead):
    assert bool(_open_doors.is_dead("rtmpPlaybackEnabled", text, version)) is dead
    assert _open_doors.is_dead("hlsTime", text, version) == ""
