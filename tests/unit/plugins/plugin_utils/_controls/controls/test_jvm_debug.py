from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    jvm_debug,
)

from tests.kit import audited


def now(*options):
    """Have the running server have options."""
    return audited.seen(java={"now": list(options), "next": None})


def later(*options):
    """Have the unit have options."""
    return audited.seen(java={"now": None, "next": list(options)})


CASES = audited.Cases(
    jvm_debug.CONTROL,
    fails={
        "now": now("-agentlib:jdwp=transport=dt_socket,server=y,address=*:8787"),
        "the old way": now("-Xdebug", "-Xrunjdwp:transport=dt_socket,server=y,address=8787"),
        "at the next start": later("-agentlib:jdwp=server=y"),
    },
    passes={"none": now("-Xmx2g"), "none at the next start": later()},
    others={
        "no start is seen": (audited.seen(java={"now": None, "next": None}), "cannot tell"),
        "not told": (audited.seen(java=None), "cannot tell"),
        "nonsense": (audited.seen(java={"now": "x", "next": None}), "cannot tell"),
    },
)

test_cases = CASES.test
