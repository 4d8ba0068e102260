from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    publish_unguarded,
)

from tests.kit import audited


def enterprise(**settings):
    """Make it Enterprise, with settings of every application."""

    def edit(host):
        host.enterprise()
        host.apps(settings)

    return edit


CASES = audited.Cases(
    publish_unguarded.CONTROL,
    fails={
        "as shipped": lambda host: None,
        "Enterprise as shipped": enterprise(),
        "doors beside it": enterprise(ipFilterEnabled="false"),
        "a token that Community does not ask for": lambda host: host.apps(
            {"publishJwtControlEnabled": "true"}
        ),
        "one application of two": lambda host: host.app({"acceptOnlyStreamsInDataStore": "true"}),
    },
    passes={
        "known streams": lambda host: host.apps({"acceptOnlyStreamsInDataStore": "true"}),
        "a hook": lambda host: host.apps({"webhookAuthenticateURL": "https://hook.example.net/"}),
        "Enterprise with tokens": enterprise(publishJwtControlEnabled="true"),
        "Enterprise with hashes": enterprise(hashControlPublishEnabled="true"),
    },
)

test_cases = CASES.test
