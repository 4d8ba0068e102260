from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.modules.secret import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.documented import (
    argument_spec,
)


def test_a_specification_has_what_the_documentation_says_and_no_more():
    spec = argument_spec(DOCUMENTATION, frozenset(("secret",)))
    assert spec["length"] == {"type": "int", "default": 43}
    assert spec["scopes"] == {"type": "list", "elements": "str", "default": []}
    assert spec["secret"] == {"type": "str", "no_log": True}
    assert "listed" in spec["state"]["choices"]


def test_what_a_fragment_says_counts_unless_the_module_says_otherwise():
    fragment = "options: {a: {type: str, default: x}, b: {type: int}}"
    own = "options: {a: {type: bool}}"
    assert argument_spec(own, fragments=(fragment,)) == {
        "a": {"type": "bool", "default": "x"},
        "b": {"type": "int"},
    }
