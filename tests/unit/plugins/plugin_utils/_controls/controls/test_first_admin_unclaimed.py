from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    first_admin_unclaimed,
)

from tests.kit import audited

CASES = audited.Cases(
    first_admin_unclaimed.CONTROL,
    fails={
        "a running server": lambda host: host.tell(process=audited.RUNNING, unclaimed=True),
    },
    passes={
        "one with an admin": lambda host: host.tell(process=audited.RUNNING, unclaimed=False),
    },
    others={
        "a stopped server": (lambda host: None, "cannot tell"),
        "a server that is not seen": (
            lambda host: host.tell(unseen="port 5080 answers", unclaimed=None),
            "cannot tell",
        ),
        "a server that does not say": (
            lambda host: host.tell(process=audited.RUNNING, unclaimed=None),
            "cannot tell",
        ),
    },
    unmended=("a running server",),
)

test_cases = CASES.test
