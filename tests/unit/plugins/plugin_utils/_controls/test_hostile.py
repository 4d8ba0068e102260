"""Hosts on which a control fails, and that report nonsense in one place: none makes it pass."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    run as _run,
    table as _table,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    Evidence,
)

from tests.kit import judged

from .test_evidence import leaves, with_one
from .test_mended import cases

CONTROLS = [control for control in _table.controls() if control.topic != "fleet"]
NONSENSE = (7, "\x1b[2J<script>", [[]], [7], {"\x00": 1}, 1e300, float("nan"))


def parts(facts):
    """The ways to what is no single value, and to the parts of the host around the server."""
    for name, value in facts.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, inner) for inner in value)


def judge(control, facts, more):
    """What it finds, and all that it says."""
    found = _run.finding(control, Evidence("web1", facts, **more))
    audit = _run.run([Evidence("web1", facts, **more)], [control], judged.NOW)
    (finding,) = audit.hosts[0].findings
    return found.outcome, [*finding.lines, *(fault.text for fault in finding.faults)]


def failing(control, host):
    edit = next(edit for edit, outcome in cases(control).rows.values() if outcome == _control.FAIL)
    edit(host)
    return host.facts()


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_nonsense_in_place_of_a_part_makes_nothing_pass(control, audited_host):
    facts = failing(control, audited_host)
    for path in parts(facts):
        for value in (None, *NONSENSE):
            said = facts[path[0]] if len(path) == 1 else facts[path[0]][path[1]]
            if value is not None and isinstance(value, type(said)):
                continue  # it is of the right kind
            if said is None and isinstance(value, str):
                continue  # as is a text that may be missing
            outcome, texts = judge(control, with_one(facts, path, value), audited_host.more)
            assert outcome != _control.PASS, (path, value)
            assert not [text for text in texts if "should not happen" in text], (path, value, texts)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_nonsense_in_place_of_a_value_is_no_fault_of_ours(control, audited_host):
    facts = failing(control, audited_host)
    facts["apps"] = {name: told for name, told in facts["apps"].items() if name == "LiveApp"}
    for path in leaves(facts):
        for value in NONSENSE[:4]:
            if path:
                _outcome, texts = judge(control, with_one(facts, path, value), audited_host.more)
                assert not [text for text in texts if "should not happen" in text], (path, texts)
                assert all(text.isprintable() for text in texts), (path, texts)
