from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import lists as _lists


@pytest.mark.parametrize(
    ("text", "everybody"),
    [
        ("0.0.0.0/0", True),
        ("10.0.0.0/8,::/0", True),
        ("0.0.0.0/1,128.0.0.0/1", True),
        ("127.0.0.1,0.0.0.0/1", False),
        ("", False),
        ("'0.0.0.0/0'", False),
    ],
)
def test_everybody(text, everybody):
    assert _lists.everybody(text) is everybody
