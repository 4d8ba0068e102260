from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    memory_differs,
)

from tests.kit import audited


def holds(**differs):
    """Have the running server hold something else."""
    return audited.told(process=audited.RUNNING, memory={"known": True, "differs": differs})


CASES = audited.Cases(
    memory_differs.CONTROL,
    fails={
        "a list": holds(LiveApp=["remoteAllowedCIDR", "hlsTime"]),
        "of the server": holds(**{"": ["server.allowed_dashboard_CIDR"]}),
    },
    passes={"it agrees": holds(), "what decides no access": holds(LiveApp=["hlsTime"])},
    others={
        "a stopped server": (audited.shipped, "not applicable"),
        "one that was not asked": (audited.told(process=audited.RUNNING), "cannot tell"),
        "nonsense": (holds(LiveApp="x"), "cannot tell"),
    },
)

test_cases = CASES.test
