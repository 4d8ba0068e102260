from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    list_denies_all,
)

from tests.kit import audited

PANEL = "server.allowed_dashboard_CIDR"
CASES = audited.Cases(
    list_denies_all.CONTROL,
    fails={
        "an empty list of the panel": lambda host: host.server({PANEL: ""}),
        "no list of the panel": lambda host: host.server({PANEL: None}),
        "a blank behind": lambda host: host.app({"remoteAllowedCIDR": "127.0.0.1 "}),
        "an empty list of the panel, once more": (
            lambda host: host.server({PANEL: ""}),
            f"the server: {PANEL} is '', which lets nobody in",
        ),
    },
    passes={
        "as shipped": lambda host: None,
        "a list that is not looked at": lambda host: host.app(
            {"remoteAllowedCIDR": "", "ipFilterEnabled": "false"}
        ),
    },
)

test_cases = CASES.test
