from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    analytics_open,
)

from tests.kit import audited

CASES = audited.Cases(
    analytics_open.CONTROL,
    fails={
        "one of two": audited.both(
            audited.apps(secureAnalyticEndpoint="true"), audited.app(secureAnalyticEndpoint="false")
        )
    },
    passes={"with a token": audited.apps(secureAnalyticEndpoint="true")},
    others={
        "a version without it": (lambda host: host.pretend("2.6.2"), "not applicable"),
        "overruled": (audited.apps(secureAnalyticEndpoint="${X}"), "cannot tell"),
    },
)

test_cases = CASES.test
