from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    list_entry_dropped,
)

from tests.kit import audited

PANEL = "server.allowed_dashboard_CIDR"
CASES = audited.Cases(
    list_entry_dropped.CONTROL,
    fails={
        "a netmask": lambda host: host.server({PANEL: "127.0.0.1,10.0.0.0/255.0.0.0"}),
        "an empty entry": lambda host: host.app({"remoteAllowedCIDR": ",10.0.0.0/8"}),
        "an old form": lambda host: host.app({"remoteAllowedCIDR": "127.0.0.1,10.1"}),
        "nobody is left": lambda host: host.app({"remoteAllowedCIDR": "127.0.0.1 "}),
    },
    passes={
        "as shipped": lambda host: None,
        "blocks": lambda host: host.app({"remoteAllowedCIDR": "127.0.0.1,10.0.0.0/8,::1"}),
    },
)

test_cases = CASES.test
