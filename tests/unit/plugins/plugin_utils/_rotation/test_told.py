from __future__ import annotations

from tests.kit.rotating import STREAM, Fleet


def test_many_hosts_are_named_briefly():
    fleet = Fleet(*(f"h{number:02}" for number in range(40)), scopes=[STREAM])
    line = fleet.plan("now")[0][0]["lines"][0]
    assert "cutover on 40 hosts (h00, h01, h02, h03, h04 and 35 more)" in line
