"""Which room may know which: imports lead down, and rooms of one floor do not know each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
BASE = "ansible_collections.streamward.antmedia.plugins"

# From the ground up. Loose files stand beside the rooms.
FLOORS = {
    "module_utils": (
        ("_json", "_near", "_options", "_wait"),
        ("_ams",),
        ("_host",),
        ("_automation", "_overrule", "_policy", "_server"),
        ("_boot_guard", "_evidence", "_gate"),
        ("_probe",),
        ("_apply",),
    ),
    "plugin_utils": (
        ("_files",),
        ("_edge",),
        ("_controls",),
        ("_report", "_secrets"),
        ("_tokens",),
        ("_rotation",),
    ),
}
# What is built of rooms, and never a part of one.
EDGES = ("modules", "action", "lookup", "filter", "doc_fragments")

SOURCES = sorted(PLUGINS.glob("*_utils/**/*.py"))


def floor(side, room):
    return next(number for number, rooms in enumerate(FLOORS[side]) if room in rooms)


def room_of(path):
    side, room, *_below = path.relative_to(PLUGINS).parts
    return side, room.replace(".py", "")


def imported(path):
    """Pairs of side and room that a file imports from, those of its own room left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(BASE):
            continue
        side, *rooms = node.module[len(BASE) + 1 :].split(".")
        for room in rooms[:1] or [alias.name for alias in node.names]:
            if (side, room) != room_of(path):
                yield side, room


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_imports_lead_down(path):
    side, room = room_of(path)
    for other_side, other in set(imported(path)):
        assert other_side not in EDGES, f"a room knows the edge {other_side}"
        if side == other_side:
            assert floor(side, other) < floor(side, room), f"{room} imports {other}"
        else:
            assert side == "plugin_utils", f"what runs on hosts imports {other} of the controller"


def test_every_room_has_its_floor():
    rooms = {room_of(path) for path in SOURCES}
    placed = {
        (side, room) for side, floors in FLOORS.items() for rooms_ in floors for room in rooms_
    }
    assert rooms == placed


def test_modules_import_nothing_of_the_controller():
    for path in PLUGINS.glob("modules/*.py"):
        assert {side for side, _room in imported(path)} <= {"module_utils"}, path


def test_inside_a_room_nothing_goes_in_circles():
    for side, floors in FLOORS.items():
        for room in (room for rooms in floors for room in rooms):
            paths = {name_of(path): path for path in PLUGINS.glob(f"{side}/{room}/**/*.py")}
            arrows = {name: inside(path, paths) for name, path in paths.items()}
            for name in arrows:
                assert name not in reached(arrows, name), f"{name} imports itself"


def name_of(path):
    """A file's name as imports have it; of a package, its folder's."""
    parts = path.relative_to(PLUGINS).with_suffix("").parts
    return ".".join((BASE, *parts)).replace(".__init__", "")


def inside(path, names):
    """Which of these files a file imports; a package that is only passed on the way is none."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found |= {whole if whole in names else node.module} & set(names)
    return found


def reached(arrows, start):
    found, waiting = set(), list(arrows[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(arrows.get(name, ()))
    return found
