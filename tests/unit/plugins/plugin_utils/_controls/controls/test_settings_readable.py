from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    settings_readable,
)

from tests.kit import audited


def path(mode, closed_by="", kind="settings", name="conf/red5.properties"):
    """Have one path of that kind."""
    row = {"path": "/usr/local/antmedia/" + name, "kind": kind, "mode": mode, "owner": "antmedia"}
    return audited.seen(paths=[{**row, "group": "996", "link": False, "closed_by": closed_by}])


CASES = audited.Cases(
    settings_readable.CONTROL,
    fails={"for everybody": path("0644"), "for everybody to write": path("0666")},
    passes={
        "its own account": path("0640"),
        "a closed folder": path("0644", closed_by="/usr/local/antmedia"),
    },
    others={
        "no file": (audited.seen(paths=[]), "not applicable"),
        "not told": (audited.seen(paths=None), "cannot tell"),
        "a mode that is none": (path("rw-r--r--"), "cannot tell"),
    },
)

test_cases = CASES.test
