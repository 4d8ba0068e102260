from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    hsts_missing,
)

from tests.kit import audited


def hsts(on):
    return audited.seen(
        certificates={"https": True, "rtmps": False, "files": []},
        headers={"": {"cors": False, "origins": "", "credentials": False, "hsts": on}},
    )


CASES = audited.Cases(
    hsts_missing.CONTROL,
    fails={"no filter": hsts(False)},
    passes={"a filter": hsts(True)},
    others={
        "no TLS": (audited.shipped, "not applicable"),
        "not read": (audited.both(hsts(True), audited.seen(headers={"": None})), "cannot tell"),
    },
)

test_cases = CASES.test
