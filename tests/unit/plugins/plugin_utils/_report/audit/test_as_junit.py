from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import as_junit
from hypothesis import given, settings, strategies as st
from lxml import etree

from tests.kit import judged
from tests.kit.places import ROOT

SCHEMA = etree.XMLSchema(etree.parse(str(ROOT / "tests/kit/schemas/junit-10.xsd")))
# What the other usual schema wants beside that, of Ant's reports.
WANTED = {"id", "package", "name", "hostname", "timestamp", "time", "tests", "failures", "errors"}


def check(audit):
    root = etree.fromstring(as_junit.render(audit).encode())
    SCHEMA.assertValid(root)
    assert not root.attrib
    for number, suite in enumerate(root):
        assert set(suite.attrib) >= WANTED and suite.get("id") == str(number)
        assert suite.get("name").strip() and suite.get("hostname").strip()
        assert [each.tag for each in suite if each.tag != "testcase"] == [
            *("properties", "system-out", "system-err")
        ]
        cases = suite.findall("testcase")
        assert all(
            len(case) <= 1 and set(case.attrib) == {"classname", "name", "time"} for case in cases
        )
        assert suite.get("tests") == str(len(cases))
        for verdict in suite.iterfind("testcase/*"):
            assert verdict.get("type") or verdict.tag == "skipped"
    return root


def test_what_it_says():
    (suite,) = check(judged.audit())
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "errors": "1", "skipped": "2"}
    about = {each.get("name"): each.get("value") for each in suite.find("properties")}
    assert about == {
        "state": "running",
        "version": "2.17.1",
        "edition": "community",
        "groups": "",
        "score": "15",
    }
    bad, known, fine, blind, other = suite.findall("testcase")
    assert (bad.get("classname"), bad.get("name")) == ("web1", "bad-one")
    assert bad[0].get("message") == "fail: of an app" and bad[0].get("type") == "critical"
    assert bad[0].text.startswith("critical: title of bad-one\n- of an app\nantmedia_apps:")
    assert known[0].get("message").startswith("waived until 2026-09-22 by jane@example.net:")
    assert len(fine) == 0
    assert (blind[0].tag, blind[0].get("message")) == ("error", "cannot tell: not seen")
    assert (other[0].tag, other[0].get("message")) == ("skipped", "not applicable: no such thing")
    assert suite.find("system-out").text.startswith("antmedia_apps:")


def test_faults_that_are_left_out_are_counted():
    rule = judged.control(judge=judged.failing(*map(str, range(60)), step="Do it."))
    failure = check(judged.audit(controls=[rule], waivers={})).find(".//failure")
    assert failure.get("message") == "fail: 0 (and 59 more)"
    assert "- and 10 more\nDo it." in failure.text


def test_a_waiver_that_is_over_is_named():
    waivers = {"web1": [judged.waiver("bad-one", days=-1)]}
    assert "of an app (waived until 2026-09-20)" in as_junit.render(judged.audit(waivers=waivers))


def test_a_host_that_could_not_be_judged_is_never_green():
    root = check(judged.audit([judged.evidence(problem="no route")]))
    assert [len(root.findall(f".//{tag}")) for tag in ("error", "failure")] == [5, 0]
    assert root.find(".//system-err").text == "no route"


def test_a_fleet():
    assert len(check(judged.fleet(9))) == 9


@pytest.mark.parametrize("text", judged.HOSTILE)
def test_whatever_a_host_says(text):
    check(judged.hostile(text))
    check(judged.raw(text))


@pytest.mark.parametrize("text", judged.RAW)
def test_whatever_a_run_would_leave_in(text):
    check(judged.raw(text))


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_whatever_anybody_says(text):
    check(judged.hostile(text))
    check(judged.raw(text))
