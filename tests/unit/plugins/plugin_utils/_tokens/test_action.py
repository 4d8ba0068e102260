from __future__ import annotations

import pytest
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring
from ansible_collections.streamward.antmedia.plugins.action import token, token_info, tokens
from ansible_collections.streamward.antmedia.plugins.modules import (
    token as token_module,
    token_info as token_info_module,
    tokens as tokens_module,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.action import (
    TEXT_OPTIONS,
)

BOTH = ((token, token_module), (tokens, tokens_module), (token_info, token_info_module))
actions = pytest.mark.parametrize(("action", "module"), BOTH, ids=lambda part: part.__name__[-12:])


@actions
def test_the_options_are_those_that_ansible_documents(action, module):
    doc = get_docstring(module.__file__, fragment_loader, collection_name="streamward.antmedia")[0]
    keys = ("type", "elements", "choices", "default", "required")
    documented = {
        name: {key: option[key] for key in keys if key in option}
        for name, option in doc["options"].items()
    }
    spec = action.argument_spec()
    for name in action.SECRET_OPTIONS:
        assert spec[name].pop("no_log") is True
    assert spec == documented


@actions
def test_no_choices_on_secrets(action, module):
    # Ansible prints the value that is none of them.
    spec = action.argument_spec()
    assert not any("choices" in spec[name] for name in action.SECRET_OPTIONS)


def test_every_text_of_people_outside_is_an_option_of_some_module():
    specs = [set(action.argument_spec()) for action, _module in BOTH]
    assert set.union(*specs) >= TEXT_OPTIONS
    assert all("texts_from" in spec for spec in specs)
