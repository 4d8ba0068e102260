from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    secret_short,
)

from tests.kit import audited

GOOD = "rEst-secret-0123456789-abcdefghij-x"

CASES = audited.Cases(
    secret_short.CONTROL,
    fails={
        "of an application": lambda host: host.app(
            {"jwtControlEnabled": "true", "jwtSecretKey": GOOD[:31]}
        ),
        "of the management": lambda host: host.server(
            {"server.jwtServerControlEnabled": "true", "server.jwtServerSecretKey": "x"}
        ),
    },
    passes={
        "as shipped": lambda host: None,
        "32 characters": lambda host: host.app(
            {"jwtControlEnabled": "true", "jwtSecretKey": GOOD[:32]}
        ),
        "one that nobody uses": lambda host: host.app({"jwtSecretKey": "x"}),
    },
)

test_cases = CASES.test
