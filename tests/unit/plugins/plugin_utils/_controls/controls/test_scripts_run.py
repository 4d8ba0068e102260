from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    scripts_run,
)

from tests.kit import audited

CASES = audited.Cases(
    scripts_run.CONTROL,
    fails={
        "one": audited.app(muxerFinishScript="/opt/done.sh"),
        "another": audited.app(vodUploadFinishScript="/x"),
    },
    passes={"as shipped": audited.shipped},
    others={
        "no application": (lambda host: host.only(), "not applicable"),
        "not told": (audited.seen(settings=None), "cannot tell"),
    },
)

test_cases = CASES.test
