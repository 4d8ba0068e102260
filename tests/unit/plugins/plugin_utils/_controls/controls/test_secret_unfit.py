from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    secret_unfit,
)

from tests.kit import audited

GOOD = "rEst-secret-0123456789-abcdefghij-x"

CASES = audited.Cases(
    secret_unfit.CONTROL,
    fails={
        "a quote": audited.app(jwtControlEnabled="true", jwtSecretKey='"' + GOOD + '"'),
        "a backslash": audited.app(jwtControlEnabled="true", jwtSecretKey="\\" + GOOD),
        "few characters": audited.app(jwtControlEnabled="true", jwtSecretKey="ab" * 20),
        "of the management": audited.server(
            {"server.jwtServerControlEnabled": "true", "server.jwtServerSecretKey": GOOD + " x"}
        ),
    },
    passes={
        "as shipped": audited.shipped,
        "a good one": audited.app(jwtControlEnabled="true", jwtSecretKey=GOOD),
        "a short one is another control's": audited.app(
            jwtControlEnabled="true", jwtSecretKey="abcdefgh1"
        ),
        "one that nobody uses": audited.app(jwtSecretKey="ab" * 20),
    },
)

test_cases = CASES.test
