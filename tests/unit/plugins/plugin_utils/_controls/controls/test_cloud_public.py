from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    cloud_public,
)

from tests.kit import audited

CASES = audited.Cases(
    cloud_public.CONTROL,
    fails={
        "as shipped, turned on": audited.app(s3RecordingEnabled="true"),
        "a word that is none": audited.app(s3RecordingEnabled="true", s3Permission="Private"),
        "everybody with an account": audited.app(
            s3RecordingEnabled="true", s3Permission="authenticated-read"
        ),
    },
    passes={"private": audited.app(s3RecordingEnabled="true", s3Permission="private")},
    others={
        "no upload": (audited.shipped, "not applicable"),
        "not told": (
            audited.both(audited.app(s3RecordingEnabled="true"), audited.seen(settings=None)),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
