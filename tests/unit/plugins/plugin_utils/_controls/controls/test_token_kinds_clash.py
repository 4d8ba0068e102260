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


def policies(host):
    """What mends each fault."""
    return [fault.policy for fault in CASES.judge(host).faults]


def test_signed_tokens_are_kept_if_they_are_among_them(audited_host):
    audited_host.only("LiveApp")
    one_time = {"playTokenControlEnabled": "true"}
    audited.enterprise(**one_time, playJwtControlEnabled="true")(audited_host)
    kept = [policy["antmedia_apps"]["LiveApp"] for policy in policies(audited_host)]
    assert {"play": "jwt"} in kept
    audited_host.apps({"playJwtControlEnabled": "false", "enableTimeTokenForPlay": "true"})
    kept = [policy["antmedia_apps"]["LiveApp"] for policy in policies(audited_host)]
    assert {"play": "one_time"} in kept
