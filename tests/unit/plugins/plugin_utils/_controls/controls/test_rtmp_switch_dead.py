from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    rtmp_switch_dead,
)

from tests.kit import audited

CASES = audited.Cases(
    rtmp_switch_dead.CONTROL,
    fails={"as shipped": lambda host: host.pretend("2.17.1")},
    passes={
        "a version that does it": lambda host: host.pretend("2.6.2"),
        "3.0": audited.both(lambda host: host.pretend("3.0.3")),
        "it is on": audited.both(
            lambda host: host.pretend("2.17.1"), audited.apps(rtmpPlaybackEnabled="true")
        ),
        "a token is asked for": audited.both(
            lambda host: host.pretend("2.17.1"), audited.enterprise(playJwtControlEnabled="true")
        ),
    },
    others={"no switch yet": (lambda host: host.pretend("2.4.3"), "not applicable")},
)

test_cases = CASES.test
