from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    token_kinds_clash,
)

from tests.kit import audited

CASES = audited.Cases(
    token_kinds_clash.CONTROL,
    fails={
        "of players": audited.enterprise(
            playJwtControlEnabled="true", playTokenControlEnabled="true"
        ),
        "of publishers": audited.enterprise(
            publishTokenControlEnabled="true", enableTimeTokenForPublish="true"
        ),
    },
    passes={
        "one": audited.enterprise(playJwtControlEnabled="true", publishTokenControlEnabled="true"),
        "a hash beside it": audited.enterprise(
            playJwtControlEnabled="true", hashControlPlayEnabled="true"
        ),
    },
    others={
        "Community": (
            audited.apps(playJwtControlEnabled="true", playTokenControlEnabled="true"),
            "not applicable",
        ),
    },
    unmended=("of publishers",),
)

test_cases = CASES.test
