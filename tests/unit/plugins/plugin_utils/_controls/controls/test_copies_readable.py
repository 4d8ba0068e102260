from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    copies_readable,
)

from tests.kit import audited


def copy(mode, **more):
    """Have somebody leave a copy."""
    row = {"path": "/tmp/antmedia.tgz", "mode": mode, "owner": "root", "group": "0", "link": False}
    row.update({"closed_by": "", "folder": False, "written": 1, "secrets": {}})
    return audited.seen(copies=[{**row, **more}])


CASES = audited.Cases(
    copies_readable.CONTROL,
    fails={
        "an archive": copy("0644"),
        "a folder of the installer": copy("0755", path="/usr/local/antmedia-backup-1", folder=True),
    },
    passes={
        "none": audited.seen(copies=[]),
        "closed": copy("0600"),
        "in a closed folder": copy("0644", closed_by="/root"),
    },
    others={"not told": (audited.seen(copies=None), "cannot tell")},
)

test_cases = CASES.test
