from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    table as _table,
)

from tests.kit.places import ROOT

FOLDER = ROOT / "plugins/plugin_utils/_controls"
HERE = Path(__file__).parent
CONTROLS = _table.controls()


def test_every_file_is_a_control_of_its_name():
    names = {path.stem for folder in _table.FOLDERS for path in (FOLDER / folder).glob("*.py")}
    assert names == {control.id.replace("-", "_") for control in CONTROLS}
    assert len(CONTROLS) == len({control.id for control in CONTROLS})
    assert len(CONTROLS) == len({control.title for control in CONTROLS})


def test_they_are_in_the_order_of_the_pages():
    topics = [list(_control.TOPICS).index(control.topic) for control in CONTROLS]
    assert topics == sorted(topics)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_a_control_says_all_that_people_want_to_know(control):
    assert control.severity in _control.SEVERITIES
    assert isinstance(control, _control.FleetControl) == (control.topic == "fleet")
    assert len(control.id) <= 22, "it has to fit into the table on the screen"
    assert len(control.title) <= 70 and not control.title.endswith(".")
    page = control.page
    for text in (page.what, page.why, page.attack, page.remedy):
        assert text.endswith((".", "!", "?")) and "  " not in text and text == text.strip()
        assert text.count("`") % 2 == 0
    for target in page.references:
        found = target.startswith("https://") or (ROOT / target).is_file()
        assert found, target


@pytest.mark.parametrize(
    "control",
    [each for each in CONTROLS if isinstance(each, _control.Control)],
    ids=lambda control: control.id,
)
def test_a_control_has_cases_that_fail_and_that_pass(control):
    name = control.id.replace("-", "_")
    assert (HERE / "controls" / f"test_{name}.py").is_file()
    module = importlib.import_module(f"{__name__.rpartition('.')[0]}.controls.test_{name}")
    assert module.CASES.control is control
    outcomes = {outcome for _edit, outcome in module.CASES.rows.values()}
    assert {_control.FAIL, _control.PASS} <= outcomes


def test_those_that_compare_hosts_have_tests():
    for path in (FOLDER / "fleet").glob("*.py"):
        assert (HERE / "fleet" / f"test_{path.name}").is_file()


def test_what_mends_a_fault_is_what_secure_takes():
    """The cases show it; here only that no remedy names a variable that there is none of."""
    specs = yaml.safe_load((ROOT / "roles/secure/meta/argument_specs.yml").read_text("utf-8"))
    known = set(specs["argument_specs"]["main"]["options"])
    for path in FOLDER.rglob("*.py"):
        named = set(re.findall(r'"(antmedia_[a-z_]+)"', path.read_text("utf-8")))
        assert named - known <= {"antmedia_audit_waivers", "antmedia_"}, path


def test_controls_are_chosen_by_patterns():
    assert _table.chosen() == CONTROLS
    ids = [control.id for control in _table.chosen(["rest-*", "panel-open"], ["*-open"])]
    assert ids == []
    assert [control.id for control in _table.chosen(["rest-*", "panel-open"])] == [
        "rest-open",
        "panel-open",
    ]


def test_a_name_that_is_none():
    assert _table.unknown(["rest-open", "secret-*"]) == []
    assert _table.unknown(["rest-opn"]) == ["there is no control rest-opn; did you mean rest-open?"]
    assert _table.unknown(["nonsense"]) == ["there is no control nonsense"]
