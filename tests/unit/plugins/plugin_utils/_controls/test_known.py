from __future__ import annotations

import re

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import known as _known

TABLES = (_known.OF_SERVER, _known.OF_LIBRARIES)


@pytest.mark.parametrize(
    "hole", [hole for table in TABLES for hole in table], ids=lambda h: h.numbers
)
def test_each_has_a_number_and_its_report(hole):
    assert re.fullmatch(r"CVE-\d{4}-\d{4,}(, CVE-\d{4}-\d{4,})*|issue \d+", hole.numbers)
    assert hole.where.startswith("https://github.com/")
    assert hole.since < hole.until


@pytest.mark.parametrize(
    ("version", "edition", "numbers"),
    [
        ((2, 8, 2), "community", ["CVE-2024-32656", "CVE-2024-3462"]),
        ((2, 8, 2), "enterprise", ["CVE-2024-32656"]),
        ((2, 9, 0), "community", ["CVE-2024-3462"]),
        ((2, 10, 0), "community", []),
        ((2, 13, 1), "enterprise", []),
        ((2, 13, 2), "enterprise", ["issue 7254"]),
        ((2, 14, 0), "community", []),
        ((2, 15, 0), "enterprise", []),
    ],
)
def test_the_servers_own(version, edition, numbers):
    found = _known.holes(_known.OF_SERVER, version, edition)
    assert [hole.numbers for hole in found] == numbers


@pytest.mark.parametrize(
    ("version", "count"),
    [
        ((2, 4, 3), 6),
        ((2, 5, 3), 5),
        ((2, 6, 3), 4),
        ((3, 0, 0), 4),
        ((3, 0, 1), 2),
        ((3, 1, 0), 0),
    ],
)
def test_those_of_libraries(version, count):
    assert len(_known.holes(_known.OF_LIBRARIES, version, "community")) == count
