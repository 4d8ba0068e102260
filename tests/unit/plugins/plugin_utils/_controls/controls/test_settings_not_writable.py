from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    settings_not_writable,
)

from tests.kit import audited


def writes(may):
    """Have the server be able to write, or not."""
    return lambda host: host.tell(apps={host.app_name: {"writable_by_server": may}})


CASES = audited.Cases(
    settings_not_writable.CONTROL,
    fails={"root's": writes(False)},
    passes={"its own": writes(True)},
    others={"nonsense": (writes("yes"), "cannot tell")},
)

test_cases = CASES.test
