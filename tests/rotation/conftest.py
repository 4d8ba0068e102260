"""Fleets of light servers; see kit/light_server.py for what they are and are not."""

from __future__ import annotations

import pytest

from tests.kit.light_fleet import LightFleet


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """Four secured light servers."""
    fleet = LightFleet(tmp_path_factory.mktemp("fleet"), 4)
    try:
        fleet.secure()
        yield fleet
    finally:
        fleet.stop()
