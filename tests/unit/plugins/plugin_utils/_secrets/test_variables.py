from __future__ import annotations

import yaml
from ansible_collections.streamward.antmedia.plugins.lookup import secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    variables as _variables,
)


def test_the_lookup_is_documented_with_these_variables():
    options = yaml.safe_load(secrets.DOCUMENTATION)["options"]
    assert options["store"]["vars"] == [{"name": _variables.STORE}]
    assert options["fleet"]["vars"] == [{"name": _variables.FLEET}]
    assert options["fleet"]["default"] == _variables.DEFAULT_FLEET
