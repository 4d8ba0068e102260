from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    health_check_asks,
)

from tests.kit import audited


def asks(*paths, restarts=False):
    """Have a table of cron do something."""
    row = {"where": "/etc/cron.d/check line 2", "runs": "/opt/check.sh", "restarts": restarts}
    return audited.told(schedules=[{**row, "asks": list(paths)}])


CASES = audited.Cases(
    health_check_asks.CONTROL,
    fails={"an application": asks("/LiveApp/rest/v2/version"), "its page": asks("/x", "/LiveApp/")},
    passes={
        "nothing": audited.shipped,
        "liveness": asks("/rest/v2/liveness"),
        "another server": asks("/Live/x", "LiveApp"),
    },
    others={"not told": (audited.told(schedules=None), "cannot tell")},
)

test_cases = CASES.test
