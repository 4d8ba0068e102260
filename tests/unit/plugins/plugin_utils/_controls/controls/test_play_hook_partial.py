from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    play_hook_partial,
)

from tests.kit import audited

HOOK = "https://hook.example.net/"

CASES = audited.Cases(
    play_hook_partial.CONTROL,
    fails={"a hook alone": audited.enterprise(webhookPlayAuthUrl=HOOK)},
    passes={
        "with a token": audited.enterprise(webhookPlayAuthUrl=HOOK, playJwtControlEnabled="true")
    },
    others={
        "no hook": (audited.enterprise(), "not applicable"),
        "Community": (audited.apps(webhookPlayAuthUrl=HOOK), "not applicable"),
    },
)

test_cases = CASES.test
