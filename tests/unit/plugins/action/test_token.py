from __future__ import annotations

import yaml
from ansible_collections.streamward.antmedia.plugins.action import token as action
from ansible_collections.streamward.antmedia.plugins.modules import token as module
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    batch as _batch,
    order as _order,
)

SPEC = action.argument_spec()
OPTIONS = yaml.safe_load(module.DOCUMENTATION)["options"]


def test_secrets_are_marked():
    marked = {name for name, option in SPEC.items() if option.get("no_log")}
    assert marked == {"secret", "secrets", "subscriber_secret", "token"}


def test_choices_are_those_of_the_core():
    assert SPEC["realm"]["choices"] == list(_order.REALMS)
    assert SPEC["kind"]["choices"] == list(_order.KINDS)
    assert SPEC["format"]["choices"] == list(_batch.FORMATS)


def test_no_choices_on_secrets():
    # Ansible prints the value that is none of them.
    assert not any("choices" in SPEC[name] for name in action.SECRET_OPTIONS)


def test_the_documentation_parses():
    assert set(SPEC) == set(OPTIONS)
    assert yaml.safe_load(module.EXAMPLES)
    assert {"token", "strings", "accepted", "verdict"} <= set(yaml.safe_load(module.RETURN))
