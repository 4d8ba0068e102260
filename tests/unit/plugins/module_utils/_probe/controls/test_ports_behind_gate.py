"""What is behind a gate is closed to whoever comes from elsewhere."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import ask as _ask
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    ports_behind_gate,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)


def test_without_a_gate_there_is_none():
    assert ports_behind_gate.make("192.0.2.1", [], "203.0.113.5") is None


def test_every_port_behind_it_is_to_be_closed():
    control = ports_behind_gate.make("192.0.2.1", [9400, 11935, 15080], "203.0.113.5")
    assert control.wants == "9400, 11935, 15080 closed"
    assert [probe.case for probe in control.probes] == ["port 9400", "port 11935", "port 15080"]
    assert {probe.expected for probe in control.probes} == {REFUSED}
    assert _ask.asked(control.probes[0]) == "connect to 192.0.2.1 port 9400"


@pytest.mark.parametrize(("open_", "came"), [(True, LET_IN), (False, REFUSED)])
def test_it_connects(web, open_, came):
    port = web.port if open_ else 1
    control = ports_behind_gate.make("127.0.0.1", [port], "127.0.0.1")
    asker = _ask.Asker(("127.0.0.1", 1), ("127.0.0.1", 1))
    (result,) = asker.ask_all(control.probes)
    assert result.came == came
