from __future__ import annotations

import re

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    as_prometheus,
)
from hypothesis import given, settings, strategies as st

from tests.kit import judged

SAMPLE = re.compile(r"([a-z_]+)(?:\{(.*)\})? (-?[0-9]+)")
LABEL = re.compile(r'([a-z]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
MEANS = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


def read(text):
    """Values by name and labels, as strictly as the collector reads them."""
    found, known = {}, {}
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("# "):
            kind, name, rest = line[2:].split(" ", 2)
            assert rest and (name, kind) not in known, line
            known[name, kind] = rest
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        assert known[name, "TYPE"] == "gauge" and known[name, "HELP"]
        pairs, at = [], 0
        while labels and at < len(labels):
            match = LABEL.match(labels, at)
            assert match, line
            pairs.append((match[1], re.sub(r'\\[n"\\]', lambda m: MEANS[m[0]], match[2])))
            at = match.end()
        key = (name.removeprefix("streamward_audit_"), tuple(pairs))
        assert key not in found, line
        found[key] = int(value)
    return found


def test_what_it_says():
    found = read(as_prometheus.render(judged.audit([judged.evidence(groups=("edges",))])))
    host = ("host", "web1")
    expected = {
        ("made_timestamp_seconds", ()): judged.NOW,
        ("hosts", ()): 1,
        ("fleet_score", ()): 15,
        ("group_score", (("group", "edges"),)): 15,
        ("host_score", (host,)): 15,
        ("host_judged", (host,)): 1,
        ("expired_waivers", ()): 0,
        (
            "failing_since_timestamp_seconds",
            (host, ("control", "bad-one"), ("severity", "critical")),
        ): judged.NOW,
    }
    for status in ("fail", "cannot tell", "waived", "pass", "not applicable"):
        expected["findings", (host, ("status", status))] = 1
    for severity in ("critical", "high", "medium", "low", "info"):
        expected["failing", (host, ("severity", severity))] = int(severity == "critical")
    assert found == expected


def test_a_host_that_could_not_be_judged_has_no_score():
    found = read(as_prometheus.render(judged.audit([judged.evidence(problem="no route")])))
    assert found["host_judged", (("host", "web1"),)] == 0
    assert not {name for name, _labels in found} & {"host_score", "fleet_score", "group_score"}
    assert found["findings", (("host", "web1"), ("status", "cannot tell"))] == 5


def test_waivers_that_are_over():
    waivers = {"web1": [judged.waiver("bad-one", days=-1)]}
    assert read(as_prometheus.render(judged.audit(waivers=waivers)))["expired_waivers", ()] == 1


def test_names_that_are_cut_make_one_series():
    long = "x" * 400
    hosts = [judged.evidence(long + "1"), judged.evidence(long + "2")]
    assert read(as_prometheus.render(judged.audit(hosts)))


@pytest.mark.parametrize("text", judged.HOSTILE)
def test_whatever_a_host_says(text):
    read(as_prometheus.render(judged.hostile(text)))


@pytest.mark.parametrize("text", [*judged.HOSTILE, *judged.RAW])
def test_whatever_a_run_would_leave_in(text):
    read(as_prometheus.render(judged.raw(text)))


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_whatever_anybody_says(text):
    read(as_prometheus.render(judged.hostile(text)))
    read(as_prometheus.render(judged.raw(text)))


@pytest.mark.parametrize("name", ['a"b', "a\\", 'a\\"b', "a\\nb", "{a}", "a b,c=d"])
def test_a_label_says_what_the_name_is(name):
    found = read(as_prometheus.render(judged.audit([judged.evidence(name)])))
    assert found["host_judged", (("host", name),)] == 1
