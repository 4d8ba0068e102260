from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    start_open,
)

from tests.kit import audited

CASES = audited.Cases(
    start_open.CONTROL,
    fails={
        "no guard": lambda host: host.pretend("2.15.0"),
        "3.0": lambda host: host.pretend("3.0.3"),
    },
    passes={
        "an older version": lambda host: host.pretend("2.14.0"),
        "a guard": audited.both(
            lambda host: host.pretend("2.17.1"), audited.told(boot_guard={"installed": True})
        ),
    },
    others={
        "not told": (
            audited.both(lambda host: host.pretend("2.17.1"), audited.told(boot_guard=None)),
            "cannot tell",
        )
    },
    unmended=("no guard", "3.0"),
)

test_cases = CASES.test
