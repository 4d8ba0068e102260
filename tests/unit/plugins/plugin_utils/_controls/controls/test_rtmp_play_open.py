from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    rtmp_play_open,
)

from tests.kit import audited


def old(host):
    host.pretend("2.6.2")


CASES = audited.Cases(
    rtmp_play_open.CONTROL,
    fails={
        "the switch is on": audited.both(
            old, audited.enterprise(playJwtControlEnabled="true", rtmpPlaybackEnabled="true")
        ),
        "no switch yet": audited.both(
            lambda host: host.pretend("2.4.3"), audited.enterprise(playJwtControlEnabled="true")
        ),
    },
    passes={
        "the switch is off": audited.both(
            old, audited.enterprise(playJwtControlEnabled="true", rtmpPlaybackEnabled="false")
        ),
        "a version that asks there, too": audited.both(
            lambda host: host.pretend("2.17.1"),
            audited.enterprise(playJwtControlEnabled="true", rtmpPlaybackEnabled="true"),
        ),
    },
    others={
        "no tokens": (audited.enterprise(), "not applicable"),
        "tokens that nobody asks for": (
            audited.apps(playJwtControlEnabled="true"),
            "not applicable",
        ),
        "overruled": (
            audited.both(
                old, audited.enterprise(playJwtControlEnabled="true", rtmpPlaybackEnabled="${X}")
            ),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
