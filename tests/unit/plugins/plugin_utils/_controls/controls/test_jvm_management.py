from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    jvm_management,
)

from tests.kit import audited

OPEN = "-Dcom.sun.management.jmxremote.authenticate=false"


def now(*options):
    """Have the running server have options."""
    return audited.seen(java={"now": list(options), "next": None})


def later(*options):
    """Have the unit have options."""
    return audited.seen(java={"now": None, "next": list(options)})


CASES = audited.Cases(
    jvm_management.CONTROL,
    fails={
        "as old units do": now("-Dcom.sun.management.jmxremote", OPEN),
        "at the next start": later(OPEN),
    },
    passes={
        "off": now("-Xmx2g"),
        "with a password": now("-Dcom.sun.management.jmxremote.port=5599"),
    },
    others={
        "no start is seen": (audited.seen(java={"now": None, "next": None}), "cannot tell"),
        "not told": (audited.seen(java=None), "cannot tell"),
        "nonsense": (audited.seen(java={"now": "x", "next": None}), "cannot tell"),
    },
)

test_cases = CASES.test
