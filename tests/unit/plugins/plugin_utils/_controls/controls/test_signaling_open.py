from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    signaling_open,
)

from tests.kit import audited

CASES = audited.Cases(
    signaling_open.CONTROL,
    fails={"on": audited.enterprise(signalingEnabled="true")},
    passes={"off": audited.enterprise(signalingEnabled="false")},
    others={"Community": (audited.apps(signalingEnabled="true"), "not applicable")},
)

test_cases = CASES.test
