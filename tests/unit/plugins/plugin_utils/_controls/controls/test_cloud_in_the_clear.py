from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    cloud_in_the_clear,
)

from tests.kit import audited

CASES = audited.Cases(
    cloud_in_the_clear.CONTROL,
    fails={
        "without TLS": audited.app(s3RecordingEnabled="true", s3Endpoint="http://s3.example.net"),
    },
    passes={
        "with TLS": audited.app(s3RecordingEnabled="true", s3Endpoint="https://s3.example.net"),
        "the region's own": audited.app(s3RecordingEnabled="true", s3Endpoint=""),
        "on the host": audited.app(s3RecordingEnabled="true", s3Endpoint="http://[::1]:9000"),
    },
    others={
        "no upload": (audited.app(s3Endpoint="http://s3.example.net"), "not applicable"),
    },
)

test_cases = CASES.test
