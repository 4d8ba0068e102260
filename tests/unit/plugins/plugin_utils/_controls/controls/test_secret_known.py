from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    secret_known,
)

from tests.kit import audited

SAMPLE = "zautXStXM9iW3aD3FuyPH0TdK4GHPmHq"
GOOD = "rEst-secret-0123456789-abcdefghij-x"

CASES = audited.Cases(
    secret_known.CONTROL,
    fails={
        "of an application": lambda host: host.app(
            {"jwtControlEnabled": "true", "jwtSecretKey": SAMPLE}
        ),
        "of the management": lambda host: host.server(
            {"server.jwtServerControlEnabled": "true", "server.jwtServerSecretKey": SAMPLE}
        ),
        "shipped": lambda host: host.app({"jwtControlEnabled": "true", "jwtSecretKey": "password"}),
    },
    passes={
        "as shipped": lambda host: None,
        "a good one": lambda host: host.app({"jwtControlEnabled": "true", "jwtSecretKey": GOOD}),
        "one that nobody uses": lambda host: host.app({"jwtSecretKey": SAMPLE}),
    },
)

test_cases = CASES.test
