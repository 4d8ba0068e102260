from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    database_readable,
)

from tests.kit import audited


def path(mode, closed_by="", kind="database", name="server.db"):
    """Have one path of that kind."""
    row = {"path": "/usr/local/antmedia/" + name, "kind": kind, "mode": mode, "owner": "antmedia"}
    return audited.seen(paths=[{**row, "group": "996", "link": False, "closed_by": closed_by}])


CASES = audited.Cases(
    database_readable.CONTROL,
    fails={"for everybody": path("0644")},
    passes={
        "its own account": path("0640"),
        "a closed folder": path("0644", "/usr/local/antmedia"),
    },
    others={
        "none yet": (audited.seen(paths=[]), "not applicable"),
        "not told": (audited.seen(paths="x"), "cannot tell"),
    },
)

test_cases = CASES.test
