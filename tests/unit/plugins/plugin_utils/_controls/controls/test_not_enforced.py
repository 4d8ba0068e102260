from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    not_enforced,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Proof

from tests.kit import audited


def asked(*outcomes):
    """Have the server be asked, with some outcomes."""

    def edit(host):
        host.more["proofs"] = tuple(Proof("LiveApp", "rest-jwt", each, "why") for each in outcomes)

    return edit


CASES = audited.Cases(
    not_enforced.CONTROL,
    fails={
        "one is not": (
            asked("enforced", "not enforced"),
            "LiveApp: rest-jwt: not enforced: why",
        ),
    },
    passes={"all are": asked("enforced", "enforced"), "nothing to ask": asked()},
    others={
        "not asked": (lambda host: None, "not applicable"),
        "one cannot be told": (asked("enforced", "cannot tell"), "cannot tell"),
    },
)

test_cases = CASES.test
