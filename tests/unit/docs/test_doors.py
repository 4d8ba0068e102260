"""The page about doors has every door that a string leads to, since the version that has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    doors as _doors,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    endpoint as _endpoint,
    labels as _labels,
    urls as _urls,
)

PAGE = (Path(__file__).resolve().parents[3] / "docs/doors.md").read_text()


def rows(direction):
    chapter = PAGE.partition(f"\n## {direction.capitalize()}\n")[2].partition("\n## ")[0]
    table = chapter.partition("\n### ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {row[0]: row for row in cells}


@pytest.mark.parametrize("door", _doors.DOORS, ids=lambda door: "-".join(door.strings))
def test_every_door_has_its_row(door):
    row = rows(door.direction)[door.title]
    if door.since not in ((), _doors.NEVER) and door.title != "player pages":
        assert _versions.shown(door.since) in " ".join(row) + PAGE.partition("### RTMP play")[2]
    if door.since == _doors.NEVER:
        assert "no version" in " ".join(row)


def test_every_string_leads_to_a_door_and_has_a_label():
    where = _endpoint.Endpoint("h", rtmps=True)
    proof = _urls.credentials("t")
    made = {
        "publish": _urls.publish(where, "a", "s", proof),
        "play": _urls.play(where, "a", "s", proof, quality="720p"),
    }
    for direction, strings in made.items():
        led = [
            name for door in _doors.DOORS if door.direction == direction for name in door.strings
        ]
        assert set(strings) | {"whep", "rtsp"} >= set(led) >= set(strings)
        assert set(strings) <= set(_labels.LABELS)


def test_every_row_has_every_cell():
    for direction in (_doors.PUBLISH, _doors.PLAY):
        assert {len(row) for row in rows(direction).values()} == {6}
