from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import quorum as _quorum


@pytest.mark.parametrize(
    "quorum, total, wanted",
    [("all", 7, 7), ("100%", 7, 7), ("90%", 10, 9), ("90%", 11, 10), ("1%", 5, 1), (3, 5, 3),
     ("3", 2, 2), ("33.3%", 3, 1), ("all", 0, 0)],
)  # fmt: skip
def test_quorums(quorum, total, wanted):
    assert _quorum.need(quorum, total) == wanted


@pytest.mark.parametrize(
    "gone, quorum, enough", [([], "all", True), (["a"], "all", False), (["a"], 2, True)]
)
def test_whether_the_others_are_enough(gone, quorum, enough):
    assert _quorum.enough(quorum, 3, gone) is enough
