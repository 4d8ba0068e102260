from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    token_secret_empty,
)

from tests.kit import audited

CASES = audited.Cases(
    token_secret_empty.CONTROL,
    fails={
        "of the REST API": audited.app(jwtControlEnabled="true"),
        "of the management": audited.server({"server.jwtServerControlEnabled": "true"}),
        "of streams": audited.enterprise(playJwtControlEnabled="true"),
    },
    passes={
        "as shipped": audited.shipped,
        "a secret": audited.app(jwtControlEnabled="true", jwtSecretKey="x" * 32),
        "a key server": audited.app(jwtControlEnabled="true", jwksURL="https://id.example.net"),
        "a key server of the management": audited.server(
            {
                "server.jwtServerControlEnabled": "true",
                "server.jwksURL": "https://id.example.net",
            }
        ),
        "codes that subscribers have secrets for": audited.enterprise(
            enableTimeTokenForPlay="true"
        ),
        "Community asks for no token of streams": audited.app(playJwtControlEnabled="true"),
        "hashes are another control's": audited.enterprise(hashControlPlayEnabled="true"),
    },
    others={
        "not told": (
            audited.both(audited.app(jwtControlEnabled="true"), audited.seen(secrets=None)),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
