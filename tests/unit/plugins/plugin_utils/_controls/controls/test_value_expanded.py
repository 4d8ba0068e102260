from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    value_expanded,
)

from tests.kit import audited

CASES = audited.Cases(
    value_expanded.CONTROL,
    fails={
        "a program": audited.app(listenerHookURL="#{1+1}"),
        "from elsewhere": audited.app(remoteAllowedCIDR="${SOMEWHERE}"),
        "of the server": audited.server({"server.jwksURL": "https://${HOST}"}),
    },
    passes={
        "as shipped": audited.shipped,
        "a value that is none otherwise": audited.app(hlsTime="abc"),
    },
    others={"not told": (lambda host: host.tell(server={"values": None}), "cannot tell")},
)

test_cases = CASES.test
