from __future__ import annotations

import json
import re

import jsonschema
import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import as_sarif
from hypothesis import given, settings, strategies as st

from tests.kit import judged
from tests.kit.places import ROOT

SCHEMA = json.loads((ROOT / "tests/kit/schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
# A link in a message; brackets that are none are escaped.
LINK = re.compile(r"(?<!\\)\[[^\]]*(?<!\\)\]\(")


def check(audit):
    content = json.loads(as_sarif.render(audit))
    VALIDATOR.validate(content)
    (run,) = content["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert (result["level"] == "none") == (result["kind"] != "fail")
        assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
    for found in (*run["results"], *run["invocations"][0]["toolExecutionNotifications"]):
        message = found["message"]["text"]
        assert message and not LINK.search(message)
        assert not re.search(r"[{}]", message.replace("{{", "").replace("}}", ""))
        (location,) = found["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})+(?:/[^/]+)?", uri)
        assert all(part.strip(".") for part in uri.split("/"))
    return run


def test_what_it_says():
    run = check(judged.audit())
    bad, known, blind = run["results"]
    assert (bad["ruleId"], bad["kind"], bad["level"]) == ("bad-one", "fail", "error")
    assert bad["message"] == {"text": "of an app"}
    place = bad["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "web1/LiveApp", "uriBaseId": "FLEET"}
    assert bad["properties"]["policy"].startswith("antmedia_apps:")
    assert bad["properties"]["since"] == judged.NOW and "suppressions" not in bad
    (suppression,) = known["suppressions"]
    assert suppression["justification"] == "a reason (jane@example.net, until 2026-09-22)"
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert (blind["kind"], blind["level"], blind["message"]["text"]) == ("open", "none", "not seen")


def test_a_control_is_a_rule():
    rules = check(judged.audit())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        *("bad-one", "known-one", "fine-one", "blind-one", "other-one")
    ]
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}
    assert levels == {
        "bad-one": "error",
        "known-one": "note",
        "fine-one": "warning",
        "blind-one": "error",
        "other-one": "note",
    }
    assert rules[0]["properties"] == {
        "tags": ["security", "access"],
        "severity": "critical",
        "security-severity": "9.5",
    }
    assert rules[0]["help"]["markdown"].startswith("**What is looked at**\n\nwhat")


def test_a_host_that_could_not_be_judged_is_told_of():
    run = check(judged.audit([judged.evidence(problem="no route")]))
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (told["level"], told["message"]["text"]) == ("error", "no route")
    assert {result["kind"] for result in run["results"]} == {"open"}


def test_a_fault_keeps_its_fingerprint_and_no_other_has_it():
    def prints(audit):
        return [each["partialFingerprints"]["fault/v1"] for each in check(audit)["results"]]

    once = prints(judged.fleet(20))
    assert len(set(once)) == len(once)
    assert prints(judged.fleet(20)) == once
    several = judged.control(judge=judged.failing("one", "two"))
    assert len(set(prints(judged.audit(controls=[several], waivers={})))) == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a [b] c", "a [b] c"),
        ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
        ("${a} {0}", "${{a}} {{0}}"),
    ],
)
def test_a_message_is_neither_a_link_nor_a_template(text, shown):
    rule = judged.control(judge=judged.failing(text))
    (result,) = check(judged.audit(controls=[rule], waivers={}))["results"]
    assert result["message"]["text"] == shown


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("..", "%3F"),
        ("a/../b", "a%2F..%2Fb"),
        ("web1.example.net", "web1.example.net"),
        ("", "%3F"),
    ],
)
def test_a_host_is_one_step_of_a_path(name, uri):
    run = check(judged.audit([judged.evidence(name)], waivers={}))
    places = [each["locations"][0]["physicalLocation"] for each in run["results"]]
    assert {place["artifactLocation"]["uri"].split("/")[0] for place in places} == {uri}


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
