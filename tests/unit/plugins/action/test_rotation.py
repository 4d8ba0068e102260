from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.action import rotation as action

refuse_unknown = action.ActionModule._refuse_unknown


@pytest.mark.parametrize(
    "text, value", [("0", 0.0), (0, 0.0), ("90d", 90 * 86400.0), ("1h", 3600.0)]
)
def test_durations(text, value):
    assert action.seconds(text, "x") == value


@pytest.mark.parametrize(
    "text, said", [("90", "antmedia_x: '90' has no unit; write 90d"), ("soon", "antmedia_x: ")]
)
def test_what_is_no_duration(text, said):
    with pytest.raises(ValueError, match=said):
        action.seconds(text, "antmedia_x")


def test_applications_that_the_store_does_not_know():
    documents = {"fleet/LiveApp/rest": {}, "fleet/_default/stream": {}, "fleet/management": {}}
    refuse_unknown([], documents)
    refuse_unknown(["LiveApp", "_default"], documents)
    with pytest.raises(ValueError, match="no secret of LiveAp, only of LiveApp, _default"):
        refuse_unknown(["LiveApp", "LiveAp"], documents)
