from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    container_proxies,
)

from tests.kit import audited

INSIDE = audited.seen(machine={"inside": True})

CASES = audited.Cases(
    container_proxies.CONTROL,
    fails={
        "inside": INSIDE,
        "outside": audited.seen(machine={"server_inside": True}),
    },
    passes={
        "named": audited.both(INSIDE, audited.told(proxies={"internalProxies": r"172\.17\.0\.5"})),
    },
    others={
        "no container": (audited.shipped, "not applicable"),
        "a file that is not understood": (
            audited.both(INSIDE, audited.told(proxies={"fault": "is no XML"})),
            "cannot tell",
        ),
        "not told": (audited.both(INSIDE, audited.told(proxies=None)), "cannot tell"),
    },
)

test_cases = CASES.test
