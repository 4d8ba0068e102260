from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    rest_open,
)

from tests.kit import audited

CASES = audited.Cases(
    rest_open.CONTROL,
    fails={
        "everybody in the list": lambda host: host.app({"remoteAllowedCIDR": "0.0.0.0/0"}),
        "every IPv6 address": lambda host: host.app({"remoteAllowedCIDR": "127.0.0.1,::/0"}),
        "the list is not looked at": lambda host: host.app({"ipFilterEnabled": "false"}),
    },
    passes={
        "as shipped": lambda host: None,
        "a network": lambda host: host.app({"remoteAllowedCIDR": "127.0.0.1,10.0.0.0/8"}),
        "a token is asked for": lambda host: host.app(
            {"remoteAllowedCIDR": "0.0.0.0/0", "jwtControlEnabled": "true"}
        ),
    },
    others={
        "no application": (lambda host: host.only(), "not applicable"),
        "overruled": (
            lambda host: host.app({"remoteAllowedCIDR": "${ELSEWHERE}"}),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
