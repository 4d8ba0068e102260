from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    jwks_address,
)

from tests.kit import audited

CASES = audited.Cases(
    jwks_address.CONTROL,
    fails={
        "of an application": audited.app(jwksURL="https://id.example.net/.well-known/jwks.json"),
        "somewhere else": audited.app(jwksURL="https://id.example.net/keys/jwks.json"),
        "of the management": audited.server({"server.jwksURL": "https://id.example.net/jwks.json"}),
    },
    passes={
        "as shipped": audited.shipped,
        "the base": audited.app(jwksURL="https://id.example.net"),
    },
    others={"overruled": (audited.app(jwksURL="${X}"), "cannot tell")},
)

test_cases = CASES.test
