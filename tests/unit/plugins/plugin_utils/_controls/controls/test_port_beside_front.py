from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    port_beside_front,
)

from tests.kit import audited

FRONT = audited.seen(
    listens=[{"address": "0.0.0.0", "port": 443, "account": "www-data", "server": False}]
)

CASES = audited.Cases(
    port_beside_front.CONTROL,
    fails={
        "a front on this host": (FRONT, "a front is on this host"),
        "a front elsewhere": (
            audited.told(proxies={"internalProxies": r"10\.0\.0\.5"}),
            "a front is named as a proxy",
        ),
    },
    passes={
        "HTTP on the host only": audited.both(FRONT, audited.server({"http.host": "127.0.0.1"}))
    },
    others={
        "no front": (audited.shipped, "not applicable"),
        "not told": (audited.seen(listens=None), "cannot tell"),
        "nonsense": (
            audited.seen(listens=[{"address": "x", "port": 80, "server": False}]),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
