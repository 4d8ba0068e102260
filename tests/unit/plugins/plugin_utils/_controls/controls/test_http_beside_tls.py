from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    http_beside_tls,
)

from tests.kit import audited

TLS = audited.seen(certificates={"https": True, "rtmps": False, "files": []})

CASES = audited.Cases(
    http_beside_tls.CONTROL,
    fails={"TLS": TLS},
    passes={"on the host only": audited.both(TLS, audited.server({"http.host": "localhost"}))},
    others={
        "no TLS": (audited.shipped, "not applicable"),
        "not told": (audited.both(TLS, audited.seen(settings=None)), "cannot tell"),
    },
)

test_cases = CASES.test
