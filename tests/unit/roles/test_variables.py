"""Whatever variable somebody may set, a role's argument specification describes it."""

from __future__ import annotations

import re

import pytest
import yaml
from ansible_collections.streamward.antmedia.plugins.doc_fragments import policy as _fragment
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import app as _app

from tests.kit.places import ROOT

PLACES = (
    *("*.md", "bench", "demo", "docs", "inventories", "molecule", "playbooks", "plugins", "roles"),
    "tests/kit",
)
SUFFIXES = (".cfg", ".j2", ".md", ".py", ".yml")
NAME = re.compile(r"\bantmedia_[a-z_]+")
# What looks like a variable and is none.
OTHERS = {
    "antmedia_urls": "a filter",
    "antmedia_drain_": "the beginning of two names",
}


def entries():
    """The options of each entry of each role."""
    for path in sorted(ROOT.glob("roles/*/meta/argument_specs.yml")):
        for entry in yaml.safe_load(path.read_text())["argument_specs"].values():
            yield entry["options"]


def declared():
    """Names of the variables in the specification of any entry of any role."""
    return {name for options in entries() for name in options}


def files(place):
    """The files of a place that are read by people or by Ansible."""
    for path in ROOT.glob(place):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in SUFFIXES and file.is_file():
                yield file


@pytest.mark.parametrize("place", PLACES)
def test_a_variable_that_is_used_is_declared(place):
    known = {*declared(), *OTHERS}
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files(place)
        for name in sorted(set(NAME.findall(path.read_text())) - known)
    ]
    assert found == []


def test_a_variable_that_an_option_stands_for_is_declared():
    taken = {option for options in _options.FROM_INVENTORY.values() for option in options}
    assert {_options.variable(option) for option in {*taken, *_options.POLICY}} <= declared()


def test_the_search_finds_what_is_there():
    for place in PLACES:
        assert any(files(place)), place
    assert any("antmedia_home" in NAME.findall(file.read_text()) for file in files("inventories"))
    assert not declared() & set(OTHERS)


def test_the_words_for_an_application_are_those_that_are_described():
    fragment = yaml.safe_load(_fragment.ModuleDocFragment.DOCUMENTATION)["options"]["app_defaults"]
    roles = [options.get("antmedia_app_defaults") for options in entries()]
    described = [spec["description"] for spec in (fragment, *filter(None, roles))]
    assert len(described) == 3
    for paragraphs in described:
        assert set(re.findall(r"C\(([a-z_]+)\)", " ".join(paragraphs))) == set(_app.WORDS)
