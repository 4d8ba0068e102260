"""What Prometheus reads: every number in the table, and nothing that is not in it."""

from __future__ import annotations

import re

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import counts as _counts

LINE = re.compile(r'streamward_gate_[a-z_]+(\{([a-z]+="([^"\\\n]|\\.)*",?)+\})? -?[0-9.e+]+')


def decision(**labels):
    return {"via": "rtmp", "direction": "play", "app": "LiveApp", "reason": "expired", **labels}


def test_numbers_are_added_up():
    counts = _counts.Counts()
    counts.add("decisions_total", **decision())
    counts.add("decisions_total", 2, **decision())
    counts.add("decisions_total", **decision(reason=""))
    assert counts.of("decisions_total", **decision()) == 3
    assert counts.of("decisions_total", **decision(app="x")) == 0
    counts.put("policy_good", 1)
    counts.put("policy_good", 0)
    assert counts.of("policy_good") == 0


def test_the_text():
    counts = _counts.Counts()
    counts.add("decisions_total", **decision(app='a"b\\c\nd'))
    counts.put("policy_good", 1)
    counts.put("start_time_seconds", 1.5)
    text = counts.text()
    assert (
        'streamward_gate_decisions_total{via="rtmp",direction="play",app="a\\"b\\\\c\\nd",'
        'reason="expired"} 1\n' in text
    )
    assert "# TYPE streamward_gate_decisions_total counter\n" in text
    assert "streamward_gate_policy_good 1\n" in text
    assert "streamward_gate_start_time_seconds 1.5\n" in text
    for name, metric in _counts.METRICS.items():
        assert f"# HELP streamward_gate_{name} {metric.help}\n" in text
        assert (metric.kind == "counter") is name.endswith("_total")
    for line in text.splitlines():
        assert line.startswith("# ") or LINE.fullmatch(line), line


@pytest.mark.parametrize(
    ("name", "labels"),
    [("unknown", {}), ("decisions_total", {}), ("policy_good", {"app": "x"}),
     ("decisions_total", {"via": "", "direction": "", "app": "", "stream": ""})],
)  # fmt: skip
def test_what_is_not_in_the_table(name, labels):
    with pytest.raises(KeyError):
        _counts.Counts().add(name, **labels)


def test_there_is_a_bound(monkeypatch):
    monkeypatch.setattr(_counts, "MOST_SERIES", 3)
    counts = _counts.Counts()
    for number in range(10):
        counts.add("decisions_total", **decision(app=str(number % 5)))
    assert counts.text().count("\nstreamward_gate_decisions_total{") == 3
    assert counts.of("decisions_total", **decision(app="0")) == 2
