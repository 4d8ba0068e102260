"""Fleets of light servers; see light_server.py for what they are and are not."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
runpy.run_path(str(Path(__file__).parents[1] / "unit" / "conftest.py"))


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """Four secured light servers."""
    from light_fleet import LightFleet

    fleet = LightFleet(tmp_path_factory.mktemp("fleet"), 4)
    try:
        fleet.secure()
        yield fleet
    finally:
        fleet.stop()
