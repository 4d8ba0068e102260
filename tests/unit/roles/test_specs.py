"""One variable, one meaning: roles and modules agree on what they share."""

from __future__ import annotations

import importlib
import itertools
import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.modules import probe, settings

ROOT = Path(__file__).resolve().parents[3]
# `drain` is a part of the others, and takes what they do; `secrets` and `tokens` have their own.
ROLES = sorted({path.name for path in ROOT.glob("roles/*")} - {"drain", "secrets", "tokens"})
SHAPE = ("type", "elements", "choices", "default")
PLUGINS = "ansible_collections.streamward.antmedia.plugins."

# Variables of which a role uses less than others do, so it describes them in words of its own.
OWN_WORDS = {
    ("rotate", name)
    for name in ("antmedia_secrets", "antmedia_unenforceable", "antmedia_hosts", "antmedia_batches")
}
# Options that are called otherwise than the variables that the roles hand to them, by module.
HANDED = {
    "rotation": {
        "mode": "antmedia_rotation",
        "realms": "antmedia_rotation_realms",
        "apps": "antmedia_rotation_apps",
        "max_age": "antmedia_secret_max_age",
        "grace": "antmedia_previous_grace",
        "quorum": "antmedia_rotation_quorum",
        "lead": "antmedia_cutover_lead",
        "batches": "antmedia_batches",
        "record": "antmedia_rotation_log",
    },
    "report": {
        "accept": "antmedia_verify_accept",
        "dest": "antmedia_report_dir",
        "formats": "antmedia_report_formats",
    },
}
# Every place beside the roles that documents options which variables stand for, and which.
POLICY = (*_options.POLICY, "home", "secrets", "widest_prefix", "operator_cidrs", "allow_lockout")
DOCUMENTED = [
    ("doc_fragments.policy", (*POLICY, "unenforceable"), "secure"),
    ("modules.settings", _options.FROM_INVENTORY["settings"], "secure"),
    ("modules.probe", ("call_hooks", "ready_timeout", "previous_secrets"), "verify"),
    ("modules.facts", ("home",), "secure"),
    ("modules.cutover", ("home",), "secure"),
    ("modules.proved", ("home",), "secure"),
    ("modules.secret", ("home", "fleet"), "secure"),
    ("modules.rotation", HANDED["rotation"], "rotate"),
    ("modules.report", HANDED["report"], "verify"),
    ("doc_fragments.tokens", ("home", "fleet", "secret_store"), "secure"),
    ("lookup.secrets", ("fleet",), "secure"),
]


def options(role):
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text()
    return yaml.safe_load(text)["argument_specs"]["main"]["options"]


def shape(spec):
    """What Ansible checks, without prose; no option and an empty default mean the same."""
    found = {key: spec[key] for key in SHAPE if key in spec}
    if found.get("default") in ({}, [], False, None):
        found.pop("default", None)
    return found


def words(spec):
    """The paragraphs of a description."""
    described = spec["description"]
    return [described] if isinstance(described, str) else described


@pytest.mark.parametrize("roles", list(itertools.combinations(ROLES, 2)), ids=" and ".join)
def test_roles_describe_a_variable_in_the_same_words(roles):
    first, other = map(options, roles)
    shared = set(first) & set(other)
    assert "antmedia_home" in shared
    for name in sorted(shared):
        if not OWN_WORDS & {(role, name) for role in roles}:
            assert words(other[name]) == words(first[name]), name


@pytest.mark.parametrize(("place", "names", "role"), DOCUMENTED, ids=[row[0] for row in DOCUMENTED])
def test_modules_describe_an_option_as_roles_do_its_variable(place, names, role):
    """They may add to it what is theirs alone."""
    module = importlib.import_module(PLUGINS + place)
    documented = yaml.safe_load(getattr(module, "ModuleDocFragment", module).DOCUMENTATION)
    handed = HANDED.get(place.rpartition(".")[2], {})

    def variable(option):
        return handed.get(option, _options.variable(option))

    found = 0
    for option in names:
        if option not in documented["options"]:
            continue  # in the fragment
        theirs = [
            re.sub(r"\bO\((\w+)", lambda match: f"O({variable(match[1])}", text)
            for text in words(documented["options"][option])
        ]
        ours = words(options(role)[variable(option)])
        assert theirs[: len(ours)] == ours, option
        found += 1
    assert found


@pytest.mark.parametrize("role", ROLES)
def test_parts_of_a_mapping_are_left_to_the_modules(role):
    """ansible-core looks for them in what is no mapping, and fails without the variable's name."""
    assert not [name for name, spec in options(role).items() if "options" in spec]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "secure"])
def test_roles_agree(role):
    first, other = options("secure"), options(role)
    shared = set(first) & set(other)
    assert "antmedia_home" in shared
    for name in sorted(shared):
        assert shape(other[name]) == shape(first[name]), name


@pytest.mark.parametrize(("role", "module"), [("secure", settings), ("verify", probe)])
def test_a_role_and_its_module_agree(role, module):
    documented = yaml.safe_load(
        (ROOT / "plugins/doc_fragments/policy.py").read_text().split('"""')[3]
    )
    given = dict(documented["options"], **yaml.safe_load(module.DOCUMENTATION).get("options", {}))
    ours = {re.sub("^antmedia_", "", name): spec for name, spec in options(role).items()}
    shared = set(ours) & set(given)
    assert {"home", "apps", "dashboard_cidrs", "widest_prefix"} <= shared
    for name in sorted(shared):
        theirs = shape(given[name])
        assert shape(ours[name]) == theirs, name


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_of_a_role_is_declared(role):
    declared = set(options(role))
    used = set()
    for path in (ROOT / "roles" / role).rglob("*.yml"):
        if path.name != "argument_specs.yml":
            used |= set(re.findall(r"\bantmedia_[a-z_]+", path.read_text()))
    # Said by the name of the variable that another host may have.
    used -= {"antmedia_hosts", "antmedia_vantage_address"}
    assert used <= declared


def test_what_the_inventory_says_is_what_a_module_takes():
    """An option that is left out of the table would silently keep its default."""
    for name, module in (("settings", settings), ("probe", probe)):
        taken = {*_options.FROM_INVENTORY[name], *_options.POLICY}
        alone = {option for option in module.argument_spec() if option in _options._ALONE}
        # A proof locks nobody out, and shows what is not enforced.
        alone |= {"unenforceable", "operator_cidrs", "allow_lockout"} if name == "probe" else set()
        assert taken == set(module.argument_spec()) - alone - {"secrets", "previous_secrets"}


def test_every_variable_that_a_module_takes_is_declared_by_its_role():
    for role, name in (("secure", "settings"), ("verify", "probe")):
        names = {*_options.FROM_INVENTORY[name], *_options.POLICY}
        assert {_options.variable(option) for option in names} <= set(options(role))


def test_the_action_group_is_what_there_is():
    group = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["action_groups"]["antmedia"]
    assert group == sorted(path.stem for path in ROOT.glob("plugins/modules/[a-z]*.py"))
