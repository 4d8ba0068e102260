from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    publisher_list_part,
)

from tests.kit import audited

LIST = "192.0.2.0/24"

CASES = audited.Cases(
    publisher_list_part.CONTROL,
    fails={"a list alone": audited.enterprise(allowedPublisherCIDR=LIST)},
    passes={
        "with a token": audited.enterprise(
            allowedPublisherCIDR=LIST, publishJwtControlEnabled="true"
        ),
        "with a hook": audited.enterprise(
            allowedPublisherCIDR=LIST, webhookAuthenticateURL="https://hook.example.net/"
        ),
        "with known streams": audited.enterprise(
            allowedPublisherCIDR=LIST, acceptOnlyStreamsInDataStore="true"
        ),
    },
    others={
        "no list": (audited.enterprise(allowedPublisherCIDR=""), "not applicable"),
        "Community": (audited.apps(allowedPublisherCIDR=LIST), "not applicable"),
    },
)

test_cases = CASES.test
