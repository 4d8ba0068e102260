from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    list_wide,
)

from tests.kit import audited

PANEL = "server.allowed_dashboard_CIDR"

CASES = audited.Cases(
    list_wide.CONTROL,
    fails={
        "a slip": audited.app(remoteAllowedCIDR="127.0.0.1,87.22.34.66/8"),
        "half of all": audited.server({PANEL: "128.0.0.0/1"}),
        "a wide IPv6 block": audited.server({PANEL: "127.0.0.1,2001::/16"}),
        "of publishers": audited.app(allowedPublisherCIDR="13.0.0.0/12"),
    },
    passes={
        "everybody is another control's": audited.shipped,
        "blocks of one owner": audited.app(
            remoteAllowedCIDR="127.0.0.1,13.197.0.0/16,2001:db8::/32"
        ),
        "private networks": audited.app(remoteAllowedCIDR="10.0.0.0/8,172.16.0.0/12,fc00::/7"),
    },
    others={"overruled": (audited.app(remoteAllowedCIDR="${X}"), "cannot tell")},
)

test_cases = CASES.test
