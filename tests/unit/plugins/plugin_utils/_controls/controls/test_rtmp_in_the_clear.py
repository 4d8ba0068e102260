from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    rtmp_in_the_clear,
)

from tests.kit import audited

TOKENS = audited.enterprise(publishJwtControlEnabled="true")

CASES = audited.Cases(
    rtmp_in_the_clear.CONTROL,
    fails={
        "no RTMPS": TOKENS,
        "RTMPS beside it": audited.both(
            TOKENS, lambda host: host.pretend("2.17.1"), audited.server({"rtmps.enabled": "true"})
        ),
    },
    passes={"on the host only": audited.both(TOKENS, audited.server({"rtmp.host": "127.0.0.1"}))},
    others={
        "no tokens": (audited.shipped, "not applicable"),
        "not told": (audited.both(TOKENS, audited.seen(settings=None)), "cannot tell"),
    },
)

test_cases = CASES.test
