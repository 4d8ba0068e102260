from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    change_unfinished,
)

from tests.kit import audited

CASES = audited.Cases(
    change_unfinished.CONTROL,
    fails={"begun": audited.told(memory={"unfinished": True})},
    passes={"as shipped": audited.shipped},
    others={"not told": (audited.told(memory=None), "cannot tell")},
)

test_cases = CASES.test
