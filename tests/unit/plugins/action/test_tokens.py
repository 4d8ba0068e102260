from __future__ import annotations

import yaml
from ansible_collections.streamward.antmedia.plugins.action import tokens as action
from ansible_collections.streamward.antmedia.plugins.modules import tokens as module
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    order as _order,
    table as _table,
)

SPEC = action.argument_spec()


def test_secrets_are_marked():
    marked = {name for name, option in SPEC.items() if option.get("no_log")}
    assert marked == {"secret", "secrets"}


def test_choices_are_those_of_the_core():
    assert SPEC["kind"]["choices"] == list(_order.KINDS)
    assert SPEC["format"]["choices"] == list(_table.WRITERS)


def test_the_documentation_parses():
    assert yaml.safe_load(module.EXAMPLES)
    assert {"tokens", "dest"} <= set(yaml.safe_load(module.RETURN))


def test_what_belongs_to_one_token_is_no_option_of_many():
    assert not {"realm", "subscriber_secret", "show", "token"} & set(SPEC)
