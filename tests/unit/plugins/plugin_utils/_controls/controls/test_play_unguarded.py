from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    play_unguarded,
)

from tests.kit import audited


def enterprise(**settings):
    """Make it Enterprise, with settings of every application."""

    def edit(host):
        host.enterprise()
        host.apps(settings)

    return edit


CASES = audited.Cases(
    play_unguarded.CONTROL,
    fails={
        "as shipped": lambda host: None,
        "Enterprise as shipped": enterprise(),
        "doors beside it": enterprise(generatePreview="true", remoteAllowedCIDR="0.0.0.0/0"),
        "a token that Community does not ask for": lambda host: host.apps(
            {"playJwtControlEnabled": "true"}
        ),
    },
    passes={
        "Enterprise with tokens": enterprise(playJwtControlEnabled="true"),
        "Enterprise with one-time tokens": enterprise(playTokenControlEnabled="true"),
        "Enterprise with codes": enterprise(enableTimeTokenForPlay="true"),
    },
    others={"no application": (lambda host: host.only(), "not applicable")},
)

test_cases = CASES.test
