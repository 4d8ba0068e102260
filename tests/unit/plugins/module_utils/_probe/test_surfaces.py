from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    open_doors as _open_doors,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    answers as _answers,
    controls as _controls,
    surfaces as _surfaces,
    ways as _ways,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Surface

ROWS = {id(row): row for row in (*vars(_surfaces).values(), *_surfaces.SURFACES.values())
        if isinstance(row, Surface)}  # fmt: skip
ROWS = list(ROWS.values())


def test_every_row_has_a_name_of_its_own():
    assert len(_surfaces.SURFACES) == len(ROWS)


def test_whatever_can_be_closed_elsewhere_can_be_named():
    rows = _surfaces.SURFACES.values()
    assert sorted(row.name for row in rows if row.door) == sorted(_open_doors.NAMES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_names_what_is_there(row):
    assert row.ask is getattr(_ways, row.ask.__name__)
    assert row.read is getattr(_answers, row.read.__name__)
    assert row.sentence.format(path="/p", stream="LiveApp/x")
    assert not (row.header and row.query)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_a_server_without_the_application_says_shows_nothing(row):
    assert not (row.without_app and row.shows)


@pytest.mark.parametrize("row", [row for row in ROWS if row.control], ids=lambda row: row.name)
def test_a_door_is_one_of_a_control_and_its_case_says_so(row):
    assert row.control in {control.NAME for control in _controls.CONTROLS}
    words = [door.door for door in _surfaces.doors(row.control)]
    assert len(words) == len(set(words))
    assert row.at("LiveApp", "x") != row.at("events", "x")
    assert not (row.door and row.shows)
