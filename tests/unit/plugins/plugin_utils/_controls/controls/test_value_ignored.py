from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    value_ignored,
)

from tests.kit import audited

CASES = audited.Cases(
    value_ignored.CONTROL,
    fails={
        "HLS": audited.app(hlsTime="abc"),
        "what is uploaded": audited.app(s3Permission="Private"),
        "a port": audited.server({"rtmp.port": "70000"}),
    },
    passes={
        "as shipped": audited.shipped,
        "a list is another control's": audited.app(remoteAllowedCIDR="127.0.0.1,x/y"),
        "a secret is another control's": audited.app(jwtControlEnabled="true", jwtSecretKey="x"),
        "what stops something is another control's": audited.app(ipFilterEnabled="maybe"),
    },
    others={"not told": (lambda host: host.tell(server={"values": [7]}), "cannot tell")},
)

test_cases = CASES.test
