from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    registered as _registered,
)


class HostVars(dict):
    """Variables that must not be templated."""

    def raw_get(self, host):
        return super().get(host, "nobody")

    def get(self, host, default=None):
        raise AssertionError

    __getitem__ = get


def test_variables_are_read_as_they_are():
    hostvars = HostVars(a={"r": {"msg": "{{ x }}"}})
    assert _registered.variables(hostvars, "a") == {"r": {"msg": "{{ x }}"}}
    assert _registered.variables(hostvars, "b") == {}
    assert _registered.variables({"a": {"b": 1}}, "a") == {"b": 1}


def test_a_result_is_plain_and_visible():
    known = {"r": {"msg": "\x1b", "n": [1, None]}, "no": "mapping"}
    assert _registered.result(known, "r") == {"msg": "\\x1b", "n": [1, None]}
    for name in ("no", "other", "", None):
        assert _registered.result(known, name) is None
