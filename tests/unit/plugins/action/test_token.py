from __future__ import annotations

import yaml
from ansible_collections.streamward.antmedia.plugins.action import token as action
from ansible_collections.streamward.antmedia.plugins.modules import token as module
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    order as _order,
)

SPEC = action.argument_spec()


def test_secrets_are_marked():
    marked = {name for name, option in SPEC.items() if option.get("no_log")}
    assert marked == {"secret", "secrets", "subscriber_secret"}


def test_choices_are_those_of_the_core():
    assert SPEC["realm"]["choices"] == list(_order.REALMS)
    assert SPEC["kind"]["choices"] == list(_order.KINDS)


def test_the_documentation_parses():
    assert yaml.safe_load(module.EXAMPLES)
    assert {"token", "strings"} <= set(yaml.safe_load(module.RETURN))


def test_what_belongs_to_many_is_no_option_of_one():
    assert not {"streams", "streams_file", "keep_columns", "dest", "format", "encrypt"} & set(SPEC)
