from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
)


def test_the_panel_by_address(compile_):
    control = compile_(dashboard_cidrs=["127.0.0.1"])["panel-address"]
    assert {p.path for p in control.probes} == {"/rest/v2/liveness"}
    assert [p.source.address for p in control.probes if p.expected == LET_IN] == ["127.0.0.1"]
    old = compile_(on={"version": "2.4.3"}, dashboard_cidrs=["127.0.0.1"])["panel-address"]
    assert {p.path for p in old.probes} == {"/rest/v2/first-login-status"}
