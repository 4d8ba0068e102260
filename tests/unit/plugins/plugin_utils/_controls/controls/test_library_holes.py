from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    library_holes,
)

from tests.kit import audited

CASES = audited.Cases(
    library_holes.CONTROL,
    fails={
        "an old one": lambda host: host.pretend("2.4.3"),
        "2.17.1": lambda host: host.pretend("2.17.1"),
        "3.0.3": lambda host: host.pretend("3.0.3"),
    },
    passes={"3.1.0": lambda host: host.pretend("3.1.0")},
    others={"no version": (audited.told(version="x"), "cannot tell")},
)

test_cases = CASES.test
