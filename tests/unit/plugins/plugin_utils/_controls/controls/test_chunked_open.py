from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    chunked_open,
)

from tests.kit import audited

CASES = audited.Cases(
    chunked_open.CONTROL,
    fails={
        "everybody in the list": audited.app(
            remoteAllowedCIDR="0.0.0.0/0", jwtControlEnabled="true"
        ),
        "no list": audited.app(ipFilterEnabled="false", jwtControlEnabled="true"),
    },
    passes={
        "as shipped": audited.shipped,
        "a narrow list": audited.app(jwtControlEnabled="true"),
        "all of it open is another control's": audited.app(remoteAllowedCIDR="0.0.0.0/0"),
    },
    others={"overruled": (audited.app(jwtControlEnabled="${X}"), "cannot tell")},
)

test_cases = CASES.test
