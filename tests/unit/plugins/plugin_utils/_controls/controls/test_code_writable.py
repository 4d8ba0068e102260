from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    code_writable,
)

from tests.kit import audited


def path(mode, closed_by="", kind="code"):
    """Have one path of that kind."""
    row = {"path": "/usr/local/antmedia/start.sh", "kind": kind, "mode": mode, "owner": "antmedia"}
    return audited.seen(paths=[{**row, "group": "996", "link": False, "closed_by": closed_by}])


CASES = audited.Cases(
    code_writable.CONTROL,
    fails={"a program": path("0666"), "a folder": path("0777", kind="folder")},
    passes={"as it should be": path("0755"), "a closed folder": path("0777", closed_by="/usr")},
    others={
        "none is seen": (audited.seen(paths=[]), "not applicable"),
        "not told": (audited.seen(paths=None), "cannot tell"),
        "a mode that is none": (path("9999"), "cannot tell"),
    },
)

test_cases = CASES.test
