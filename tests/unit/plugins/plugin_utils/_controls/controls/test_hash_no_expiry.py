from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    hash_no_expiry,
)

from tests.kit import audited

CASES = audited.Cases(
    hash_no_expiry.CONTROL,
    fails={
        "of players": audited.enterprise(hashControlPlayEnabled="true"),
        "of publishers": audited.enterprise(hashControlPublishEnabled="true"),
    },
    passes={"signed tokens": audited.enterprise(playJwtControlEnabled="true")},
    others={"Community": (audited.apps(hashControlPlayEnabled="true"), "not applicable")},
)

test_cases = CASES.test
