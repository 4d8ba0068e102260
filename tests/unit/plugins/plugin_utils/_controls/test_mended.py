"""Every control that says that `secure` mends it: the lines of its remedy turn it green."""

from __future__ import annotations

import importlib

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    table as _table,
)

from tests.kit import audited, calling

HERE = __name__.rpartition(".")[0]
# What they mend is no file: an account of the running server, a program and a unit of systemd.
SHOWN_ELSEWHERE = ("first-admin-unclaimed", "start-open")
MENDS = [
    control
    for control in _table.controls()
    if control.mends and control.topic != "fleet" and control.id not in SHOWN_ELSEWHERE
]


def cases(control):
    name = f"{HERE}.controls.test_{control.id.replace('-', '_')}"
    return importlib.import_module(name).CASES


def mended(found, host):
    """What it finds after its own remedy was written, None where it brought none."""
    before = found.judge(host)
    assert all(fault.policy or fault.step for fault in before.faults), before
    policy = _control.merged(fault.policy for fault in before.faults)
    if not policy:
        return None
    host.secure(policy)
    return found.judge(host).outcome


@pytest.mark.parametrize("control", MENDS, ids=lambda control: control.id)
def test_its_remedy_turns_it_green(control, tmp_path, capfd, monkeypatch):
    audited.stub(monkeypatch)
    call, found = calling.Caller(capfd, monkeypatch), cases(control)
    outcomes = {}
    for number, (name, (edit, outcome)) in enumerate(found.rows.items()):
        if outcome == _control.FAIL and name not in found.unmended:
            host = audited.made_up(tmp_path / str(number), call)
            edit(host)
            outcomes[name] = mended(found, host)
    assert _control.PASS in outcomes.values(), outcomes


def test_what_is_not_mended_says_what_to_do(tmp_path, capfd, monkeypatch):
    audited.stub(monkeypatch)
    call = calling.Caller(capfd, monkeypatch)
    for control in _table.controls():
        if control.topic == "fleet":
            continue
        found = cases(control)
        edit = next(edit for edit, outcome in found.rows.values() if outcome == _control.FAIL)
        host = audited.made_up(tmp_path / control.id, call)
        edit(host)
        for fault in found.judge(host).faults:
            assert fault.policy or fault.step, (control.id, fault)
            assert not fault.policy or control.mends, control.id
