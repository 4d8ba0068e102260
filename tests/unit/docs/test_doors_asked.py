"""The page of doors lists what is asked, as the code has it."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    surfaces as _surfaces,
)

PAGE = Path(__file__).resolve().parents[3] / "docs/doors.md"


def row(surface):
    outside = ", from an address outside `rest_cidrs`" if surface.outside else ""
    asked = surface.path or surface.stream
    return (
        f"| `{surface.name}` | {surface.control} | {surface.door} | `{asked}` |"
        f" {surface.cases}{outside} |"
    )


def test_every_door_that_is_asked_is_listed_with_its_name():
    page = PAGE.read_text()
    begin = page.index("| name | direction | how a case says it |")
    table = page[begin:].partition("\n\n")[0]
    found = [line for line in table.splitlines() if line.startswith("| `")]
    assert found == [row(each) for each in _surfaces.SURFACES.values() if each.door]
