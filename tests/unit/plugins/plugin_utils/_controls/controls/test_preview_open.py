from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    preview_open,
)

from tests.kit import audited

CASES = audited.Cases(
    preview_open.CONTROL,
    fails={"pictures": audited.enterprise(playJwtControlEnabled="true", generatePreview="true")},
    passes={"none": audited.enterprise(playJwtControlEnabled="true", generatePreview="false")},
    others={
        "no tokens": (audited.enterprise(generatePreview="true"), "not applicable"),
        "not told": (
            audited.both(
                audited.enterprise(playJwtControlEnabled="true"), audited.seen(settings=None)
            ),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
