from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    list_one_family,
)

from tests.kit import audited

PANEL = "server.allowed_dashboard_CIDR"

CASES = audited.Cases(
    list_one_family.CONTROL,
    fails={
        "as shipped": audited.shipped,
        "a REST API with tokens": audited.both(
            audited.server({PANEL: "127.0.0.1"}),
            audited.app(remoteAllowedCIDR="0.0.0.0/0", jwtControlEnabled="true"),
        ),
        "IPv6 alone": audited.both(
            audited.server({PANEL: "127.0.0.1"}), audited.app(remoteAllowedCIDR="127.0.0.1,::/0")
        ),
    },
    passes={
        "both families": audited.server({PANEL: "0.0.0.0/0,::/0"}),
        "neither": audited.server({PANEL: "127.0.0.1"}),
    },
)

test_cases = CASES.test
