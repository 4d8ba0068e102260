"""The pages of the audit's controls are as the controls are."""

from __future__ import annotations

from tests.tools import controls


def test_the_pages_are_as_the_controls_are():
    there = {path.name: path.read_text(encoding="utf-8") for path in controls.FOLDER.glob("*")}
    assert there == controls.pages(), "python -m tests.tools.controls"
