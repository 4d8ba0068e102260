from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    secret_reused,
)

from tests.kit import audited

SECRET = "rEst-secret-0123456789-abcdefghij-x"

CASES = audited.Cases(
    secret_reused.CONTROL,
    fails={
        "of the REST API and the management": audited.both(
            audited.app(jwtControlEnabled="true", jwtSecretKey=SECRET),
            audited.server(
                {"server.jwtServerControlEnabled": "true", "server.jwtServerSecretKey": SECRET}
            ),
        ),
        "of one application": audited.enterprise(
            jwtControlEnabled="true",
            jwtSecretKey=SECRET,
            playJwtControlEnabled="true",
            jwtStreamSecretKey=SECRET,
        ),
    },
    passes={
        "as shipped": audited.shipped,
        "one purpose of two applications": audited.apps(
            jwtControlEnabled="true", jwtSecretKey=SECRET
        ),
        "one that nobody uses": audited.app(
            jwtControlEnabled="true", jwtSecretKey=SECRET, jwtStreamSecretKey=SECRET
        ),
    },
    others={
        "not told": (
            audited.both(audited.app(jwtControlEnabled="true"), audited.seen(secrets=None)),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
