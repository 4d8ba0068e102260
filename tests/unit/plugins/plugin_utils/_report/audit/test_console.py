from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import trend as _trend
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    as_json,
    console,
)

from tests.kit import judged

SCREEN = 40


def text(audit):
    return "\n".join(line for line, _colour in console.lines(audit))


def test_one_host():
    assert text(judged.audit()).split("\n") == [
        "audit of web1: Ant Media Server 2.17.1 community, running: score 15 of 100",
        "",
        "  critical  bad-one                 of an app",
        "  cannot tell: blind-one: not seen",
        "",
        "1 fail (1 critical), 1 cannot tell, 1 waived, 1 pass",
    ]


def test_several_hosts_worst_first():
    hosts = [judged.evidence("a"), judged.evidence("b", problem="unreachable: no route")]
    assert text(judged.audit(hosts)).split("\n") == [
        "audit of 2 hosts: score 15 of 100",
        "",
        "  critical  bad-one                    1  title of bad-one (a)",
        "",
        "  b                           -  not reached            unreachable: no route",
        "  a                          15  running     2.17.1    1 critical",
        "",
        "1 fail (1 critical), 6 cannot tell, 1 waived, 1 pass",
    ]


def test_what_changed():
    before = judged.audit(controls=[judged.control("a"), judged.control("b", "low")])
    earlier = _trend.read(as_json.render(before).encode())
    rules = [judged.control("a", judge=judged.failing()), judged.control("b", "low")]
    lines = text(judged.audit(controls=rules, earlier=earlier, waivers={})).split("\n")
    assert lines[0].endswith("score 14 of 100 (was 100)")
    assert lines[1] == "since 2026-09-21 14:13 UTC: 1 new, 0 mended"


def test_a_host_that_could_not_be_judged():
    lines = text(judged.audit([judged.evidence(problem="unreachable: x")])).split("\n")
    assert lines[:3] == ["audit of web1: not reached: no score", "", "  unreachable: x"]


def test_waivers_that_do_nothing_are_named():
    waivers = {"web1": [judged.waiver("known-one", days=-1), judged.waiver("fine-one")]}
    found = text(judged.audit(waivers=waivers))
    assert "expired waiver: known-one (jane@example.net, 2026-09-20)" in found
    assert "waivers that waive nothing: fine-one" in found


@pytest.mark.parametrize("count", [1, 2, 500])
def test_it_fits_on_a_screen(count):
    rules = [
        judged.control(f"control-{number:02}", judge=judged.failing(*["x" * 300] * 40))
        for number in range(60)
    ]
    hosts = [judged.evidence(f"web{number:03}") for number in range(count)]
    lines = console.lines(judged.audit(hosts, rules, waivers={}))
    assert len(lines) <= SCREEN
    assert max(len(line) for line, _colour in lines) <= console.WIDEST
    assert any("and 42 more" in line for line, _colour in lines)


@pytest.mark.parametrize("hostile", judged.HOSTILE)
def test_whatever_a_host_says(hostile):
    for line, _colour in console.lines(judged.hostile(hostile)):
        assert line.isprintable()
