from __future__ import annotations

import time

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import clock as _clock


def test_the_time_in_seconds(scene):
    assert abs(_clock.look(scene())["now"] - time.time()) < 60
