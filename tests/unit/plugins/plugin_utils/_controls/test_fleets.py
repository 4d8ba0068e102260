from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    fleets as _fleets,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Fault,
)

from tests.kit import judged


@pytest.mark.parametrize(
    ("more", "side"),
    [
        ({}, ""),
        ({"fleet": "live", "groups": ("staging",)}, "live"),
        ({"groups": ("edges", "PROD")}, "production"),
        ({"groups": ("uat",)}, "staging"),
        ({"groups": ("edges",)}, ""),
    ],
)
def test_what_a_host_belongs_to(more, side):
    assert _fleets.side(judged.evidence(**more)) == side


def test_names_in_a_line():
    assert _fleets.named(list("ab")) == "a, b"
    assert _fleets.named(list("abcdefg")) == "a, b, c, d, e and 2 more"


def compared(**values):
    """Findings of hosts of one fleet, each with one value, or none where it cannot be told."""

    def traits(evidence):
        value = values[evidence.host]
        if value is None:
            raise CannotTell("not told")
        return value if isinstance(value, dict) else {"x": value}

    fleet = {name: judged.evidence(name, fleet="live") for name in values}
    found = _fleets.compare(
        fleet, traits, lambda host, key, others: Fault(f"{key}: {others}"), "alike"
    )
    return {name: [fault.text for fault in f.faults] or f.outcome for name, f in found.items()}


def test_the_one_that_is_otherwise_than_most():
    assert compared(a=1, b=1, c=2) == {"a": "pass", "b": "pass", "c": ["x: a, b"]}


def test_two_halves_differ_from_each_other():
    found = compared(a=1, b=1, c=2, d=2)
    assert found == {"a": ["x: c, d"], "b": ["x: c, d"], "c": ["x: a, b"], "d": ["x: a, b"]}


def test_what_others_do_not_have_is_not_compared():
    assert compared(a={"x": 1, "y": 1}, b={"x": 1}) == {"a": "pass", "b": "pass"}


def test_one_that_cannot_be_told():
    assert compared(a=1, b=2, c=None) == {"a": ["x: b"], "b": ["x: a"], "c": "cannot tell"}
    assert compared(a=1, b=None) == {"b": "cannot tell"}


def test_one_alone_is_not_compared():
    assert compared(a=1) == {}
