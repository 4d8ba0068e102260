from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    jwks_in_the_clear,
)

from tests.kit import audited

CASES = audited.Cases(
    jwks_in_the_clear.CONTROL,
    fails={
        "of an application": audited.app(jwksURL="http://id.example.net/"),
        "of the management": audited.server({"server.jwksURL": "http://192.0.2.1:8080"}),
    },
    passes={
        "as shipped": audited.shipped,
        "with TLS": audited.app(jwksURL="https://id.example.net/"),
        "on the host": audited.app(jwksURL="http://127.0.0.1:8080"),
    },
    others={"overruled": (audited.server({"server.jwksURL": "${X}"}), "cannot tell")},
    unmended=("of the management",),
)

test_cases = CASES.test
