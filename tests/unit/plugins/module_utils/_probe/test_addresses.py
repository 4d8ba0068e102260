from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    addresses as _addresses,
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nobody"),
        ("127.0.0.1", "127.0.0.1"),
        ("1.0.0.1,1.0.0.2,1.0.0.3", "1.0.0.1,1.0.0.2,1.0.0.3"),
        ("1.0.0.1,1.0.0.2,1.0.0.3,1.0.0.4,1.0.0.5", "1.0.0.1,1.0.0.2,1.0.0.3,+2"),
    ],
)
def test_a_list_in_words(text, said):
    assert _addresses.only(text) == said
