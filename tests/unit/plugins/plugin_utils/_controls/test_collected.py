from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    collected as _collected,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Proof

FACTS = {"ansible_facts": {"antmedia": {"home": "/x"}}}


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        (None, "it was not asked"),
        (7, "it was not asked"),
        ({}, _collected.NO_FACTS),
        ({"ansible_facts": {"antmedia": 7}}, _collected.NO_FACTS),
        ({"failed": True, "msg": "no\x1b python"}, "no\\x1b python"),
        ({"unreachable": True, "msg": "no route"}, "unreachable: no route"),
    ],
)
def test_a_host_that_told_nothing(result, problem):
    found = _collected.evidence("web1", result)
    assert (found.problem, found.facts) == (problem, {})


def test_a_host_that_told_something():
    found = _collected.evidence("web1", FACTS, None, ["g"], "fleet")
    assert (found.facts, found.problem) == ({"home": "/x"}, "")
    assert (found.groups, found.fleet, found.proofs) == (("g",), "fleet", None)


@pytest.mark.parametrize(
    ("probe", "proofs"),
    [
        (None, None),
        ({"skipped": True}, None),
        ({"controls": []}, ()),
        (
            {"controls": [{"app": "a", "control": "c", "outcome": "enforced", "reason": ""}, 7]},
            (Proof("a", "c", "enforced", ""),),
        ),
        ({"controls": [{}]}, (Proof("", "", "", ""),)),
        ({"failed": True, "msg": "no"}, (Proof("", "probe", "cannot tell", "no"),)),
    ],
)
def test_what_a_probe_found(probe, proofs):
    assert _collected.evidence("web1", FACTS, probe).proofs == proofs
