from __future__ import annotations

import json

import jsonschema
import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import trend as _trend
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    as_json,
    document as _document,
)

from tests.kit import judged
from tests.kit.places import ROOT

SCHEMA = json.loads((ROOT / "docs/audit.schema.json").read_text("utf-8"))


def check(audit):
    content = json.loads(as_json.render(audit))
    jsonschema.validate(content, SCHEMA, cls=jsonschema.Draft202012Validator)
    return content


def strict(schema):
    """The schema without a place for what it does not name."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: strict(value) for key, value in schema.items()}
    if schema.get("additionalProperties") is True:
        found["additionalProperties"] = False
    return found


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema"] == {"const": _document.VERSION}
    assert SCHEMA["properties"]["kind"] == {"const": _trend.KIND}


@pytest.mark.parametrize("hosts", [0, 1, 3])
def test_a_report_is_as_the_schema_says(hosts):
    found = [judged.evidence(f"web{number}") for number in range(hosts)]
    before = _trend.read(as_json.render(judged.audit()).encode())
    audit = judged.audit([*found, judged.evidence("x", problem="down")], earlier=before)
    content = check(audit)
    jsonschema.validate(content, strict(SCHEMA), cls=jsonschema.Draft202012Validator)


def test_what_it_says():
    content = check(judged.audit())
    assert (content["title"], content["made_at"], content["score"]) == ("audit", judged.NOW, 15)
    (host,) = content["hosts"]
    assert (host["name"], host["state"], host["worst"]) == ("web1", "running", "critical")
    assert host["counts"]["fails"]["critical"] == 1
    bad, known, fine, blind, other = host["findings"]
    assert [f["status"] for f in host["findings"]] == [
        *("fail", "waived", "pass", "cannot tell", "not applicable")
    ]
    assert bad["faults"] == [
        {"text": "of an app", "app": "LiveApp", "waived": None, "waiver_expired": None}
    ]
    assert (bad["policy"], host["policy"]) == (judged.POLICY, judged.POLICY)
    assert bad["policy_yaml"].startswith("antmedia_apps:")
    assert known["faults"][0]["waived"]["owner"] == "jane@example.net"
    assert (fine["lines"], blind["lines"], other["lines"]) == (
        ["fine"],
        ["not seen"],
        ["no such thing"],
    )
    assert content["controls"][0]["references"] == ["docs/doors.md", "https://example.net/1"]


@pytest.mark.parametrize("text", judged.HOSTILE)
def test_whatever_a_host_says(text):
    check(judged.hostile(text))
