from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    restart_scheduled,
)

from tests.kit import audited


def asks(*paths, restarts=False):
    """Have a table of cron do something."""
    row = {"where": "/etc/cron.d/check line 2", "runs": "/opt/check.sh", "restarts": restarts}
    return audited.told(schedules=[{**row, "asks": list(paths)}])


CASES = audited.Cases(
    restart_scheduled.CONTROL,
    fails={"a restart": (asks(restarts=True), "starts or stops it, by /opt/check.sh")},
    passes={"nothing": audited.shipped, "a check that only asks": asks("/LiveApp/")},
    others={"not told": (audited.told(schedules="x"), "cannot tell")},
)

test_cases = CASES.test
