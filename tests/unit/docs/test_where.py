"""The map of the code is that of the code."""

from __future__ import annotations

from tests.tools import where
from tests.unit.house.test_rooms import FLOORS


def test_the_map_is_as_the_code_is():
    text = where.PAGE.read_text(encoding="utf-8")
    assert where.page(text) == text, "python -m tests.tools.where"


def test_the_map_has_both_sides():
    text = where.PAGE.read_text(encoding="utf-8")
    assert [side for side in where.ROOMS if f"<!-- {side} -->\n" not in text] == []


def test_the_map_has_every_room_from_the_top_floor_down():
    for side, rooms in where.ROOMS.items():
        order = [room for floor in reversed(FLOORS[side]) for room in floor]
        loose = [path.stem for path in (where.PLUGINS / side).glob("*.py")]
        assert sorted(rooms) == sorted(set(order) - set(loose))
        floors = {room: number for number, floor in enumerate(FLOORS[side]) for room in floor}
        assert [floors[room] for room in rooms] == sorted((floors[r] for r in rooms), reverse=True)


def test_every_file_says_what_it_is():
    for side in where.ROOMS:
        for path in where.files(where.PLUGINS / side):
            assert where.first_line(path).endswith("."), path
