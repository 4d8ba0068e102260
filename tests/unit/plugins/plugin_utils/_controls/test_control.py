from __future__ import annotations

from types import SimpleNamespace

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Fault,
)

ONE, TWO = SimpleNamespace(name="one"), SimpleNamespace(name="two")


def rule(place):
    if place is TWO:
        raise CannotTell("two is hidden")
    return [Fault("a fault")]


def test_a_fault_counts_more_than_what_is_unknown():
    finding = _control.found([Fault("a")], unknown=["b"])
    assert (finding.outcome, finding.lines) == ("fail", ("b",))
    assert _control.found([], unknown=["b"]).outcome == "cannot tell"
    assert _control.found([], "fine") == _control.passed("fine")


def test_a_place_that_cannot_be_told_hides_no_other():
    finding = _control.by_place([TWO, ONE], rule)
    assert (finding.outcome, finding.lines) == ("fail", ("two is hidden",))
    assert _control.by_place([TWO], rule).outcome == "cannot tell"
    assert _control.by_place([ONE], lambda place: [], says="fine") == _control.passed("fine")


def test_nothing_that_it_could_be_about():
    assert _control.by_place([], rule).outcome == "not applicable"
    assert _control.by_place([ONE], lambda place: None).outcome == "not applicable"
    assert _control.by_place([], rule, unknown=["/x: no"]).outcome == "cannot tell"


def test_policies_become_one():
    first = {"antmedia_apps": {"a": {"rest_cidrs": ["127.0.0.1"], "settings": {"x": 1}}}}
    other = {"antmedia_apps": {"a": {"rest_cidrs": ["::1"], "settings": {"y": 2}}, "b": {}}, "z": 1}
    assert _control.merged([first, other]) == {
        "antmedia_apps": {
            "a": {"rest_cidrs": ["127.0.0.1"], "settings": {"x": 1, "y": 2}},
            "b": {},
        },
        "z": 1,
    }
    assert first["antmedia_apps"]["a"]["settings"] == {"x": 1}
