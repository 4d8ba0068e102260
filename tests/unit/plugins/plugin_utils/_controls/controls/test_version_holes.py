from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    version_holes,
)

from tests.kit import audited

CASES = audited.Cases(
    version_holes.CONTROL,
    fails={
        "the management port": lambda host: host.pretend("2.8.2"),
        "a header": lambda host: host.pretend("2.9.0"),
        "sessions": audited.both(lambda host: host.pretend("2.14.0"), audited.enterprise()),
    },
    passes={
        "a newer one": lambda host: host.pretend("2.17.1"),
        "what Community has not": lambda host: host.pretend("2.14.0"),
        "what Enterprise has not": audited.both(
            lambda host: host.pretend("2.9.0"), audited.enterprise()
        ),
    },
    others={
        "no version": (audited.told(version="x"), "cannot tell"),
        "another edition": (
            audited.both(lambda host: host.pretend("2.17.1"), audited.told(edition="x")),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
