from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    enterprise_only,
)

from tests.kit import audited

CASES = audited.Cases(
    enterprise_only.CONTROL,
    fails={
        "tokens of players": lambda host: host.app({"playJwtControlEnabled": "true"}),
        "hashes of publishers": lambda host: host.app({"hashControlPublishEnabled": "true"}),
        "addresses of publishers": lambda host: host.app({"allowedPublisherCIDR": "10.0.0.0/8"}),
        "a hook of players": lambda host: host.app({"webhookPlayAuthUrl": "https://h.example/"}),
    },
    passes={"as shipped": lambda host: None},
    others={
        "Enterprise": (lambda host: host.enterprise(), "not applicable"),
    },
)

test_cases = CASES.test
