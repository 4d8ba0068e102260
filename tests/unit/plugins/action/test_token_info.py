from __future__ import annotations

import yaml
from ansible_collections.streamward.antmedia.plugins.action import token_info as action
from ansible_collections.streamward.antmedia.plugins.modules import token_info as module
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    order as _order,
)

SPEC = action.argument_spec()


def test_secrets_are_marked():
    marked = {name for name, option in SPEC.items() if option.get("no_log")}
    assert marked == {"secret", "secrets", "subscriber_secret", "token"}


def test_choices_are_those_of_the_core():
    assert SPEC["realm"]["choices"] == list(_order.REALMS)
    assert SPEC["kind"]["choices"] == list(_order.KINDS)


def test_the_documentation_parses():
    assert yaml.safe_load(module.EXAMPLES)
    assert {"accepted", "verdict"} <= set(yaml.safe_load(module.RETURN))


def test_what_makes_a_token_is_no_option_of_the_judge():
    assert not {"lifetime", "claims", "source", "strings", "expose", "endpoint"} & set(SPEC)
    assert SPEC["read_host"]["choices"] == ["secret"]
