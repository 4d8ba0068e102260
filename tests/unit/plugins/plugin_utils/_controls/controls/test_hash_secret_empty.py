from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    hash_secret_empty,
)

from tests.kit import audited

CASES = audited.Cases(
    hash_secret_empty.CONTROL,
    fails={
        "of players": audited.enterprise(hashControlPlayEnabled="true"),
        "of both": audited.enterprise(
            hashControlPlayEnabled="true", hashControlPublishEnabled="true"
        ),
    },
    passes={
        "with a secret": audited.enterprise(
            hashControlPlayEnabled="true", tokenHashSecret="h" * 40
        ),
        "no hashes": audited.enterprise(),
    },
    others={
        "Community": (audited.apps(hashControlPlayEnabled="true"), "not applicable"),
        "not told": (
            audited.both(
                audited.enterprise(hashControlPlayEnabled="true"), audited.seen(secrets=None)
            ),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
