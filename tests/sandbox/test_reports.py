"""The reports of servers as shipped, docs/reports, are what an audit of them says."""

from __future__ import annotations

import json
import re

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import formats

from tests.kit.places import ROOT
from tests.tools import reports


@pytest.mark.parametrize("version", reports.VERSIONS)
def test_the_page_is_what_an_audit_says(version):
    there = reports.path(version).read_text("utf-8")
    assert there == reports.page(version), "python -m tests.tools.reports"


def test_every_page_is_of_a_version():
    pages = {path.name for path in reports.FOLDER.glob("*.md")}
    assert pages == {reports.path(version).name for version in reports.VERSIONS}


@pytest.fixture(scope="module")
def audit():
    return reports.audit("2.17.1")


def example(name):
    """The example of a format on the audit's page."""
    page = (ROOT / "docs/audit.md").read_text("utf-8")
    (section,) = re.findall(rf"^### `{name}`\n(.*?)(?=^### `|\Z)", page, re.MULTILINE | re.DOTALL)
    (text,) = re.findall(r"^```\w+\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return text


@pytest.mark.parametrize("name", ["junit", "markdown", "prometheus"])
def test_an_example_has_lines_of_the_report(name, audit):
    lines = formats.FORMATS[name].render(audit).splitlines()
    assert [line for line in example(name).splitlines() if line not in lines] == []


def within(part, whole):
    """Whether something is a part of something, at any depth."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and within(value, whole[key]) for key, value in part.items()
        )
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return part == whole


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("json", lambda content: content["hosts"][0]["findings"]),
        ("sarif", lambda content: content["runs"][0]["results"]),
    ],
)
def test_an_example_is_part_of_the_report(name, rows, audit):
    found = rows(json.loads(formats.FORMATS[name].render(audit)))
    assert any(within(json.loads(example(name)), row) for row in found)
