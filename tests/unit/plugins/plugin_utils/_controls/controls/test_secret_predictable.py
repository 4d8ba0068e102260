from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    secret_predictable,
)

from tests.kit import audited

MD5 = "0123456789abcdef0123456789abcdef"

CASES = audited.Cases(
    secret_predictable.CONTROL,
    fails={
        "of the management": audited.server(
            {"server.jwtServerControlEnabled": "true", "server.jwtServerSecretKey": MD5}
        ),
        "of an application": audited.app(jwtControlEnabled="true", jwtSecretKey=MD5),
        "the file": audited.both(
            audited.app(jwtSecretKey=MD5), lambda host: host.path("SECRET_KEY").write_text(MD5)
        ),
    },
    passes={
        "as shipped": audited.shipped,
        "one that nobody uses": audited.app(jwtSecretKey=MD5),
        "another kind": audited.app(jwtControlEnabled="true", jwtSecretKey=MD5[:-1] + "_"),
    },
    others={"not told": (audited.seen(paths=None), "cannot tell")},
)

test_cases = CASES.test
