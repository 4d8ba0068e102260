"""Scenes of a made-up home, and files of the system in a folder of the test."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
)


@pytest.fixture
def scene(home):
    """Look at the home: `scene(**process)` gives a Scene, with a process if one is described."""

    def make(**process):
        given = {"pid": 4711, "started": 1.0, "environ": {}, **process} if process else None
        found = _process.Process(**given) if given else None
        return Scene(str(home), _installation.observe(str(home)), found)

    return make
