from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    list_no_loopback,
)

from tests.kit import audited

CASES = audited.Cases(
    list_no_loopback.CONTROL,
    fails={"a network alone": audited.app(remoteAllowedCIDR="10.0.0.0/8,192.0.2.7")},
    passes={
        "as shipped": audited.shipped,
        "inside a block": audited.app(remoteAllowedCIDR="127.0.0.0/8,10.0.0.0/8"),
        "nobody is another control's": audited.app(remoteAllowedCIDR=""),
        "the list is not looked at": audited.app(
            remoteAllowedCIDR="10.0.0.0/8", ipFilterEnabled="no"
        ),
    },
    others={"no application": (lambda host: host.only(), "not applicable")},
)

test_cases = CASES.test
