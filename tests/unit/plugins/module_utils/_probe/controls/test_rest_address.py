from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
)


def test_the_rest_api_by_address_with_a_good_token(compile_):
    controls = compile_(app_defaults={"rest_cidrs": ["198.51.100.0/24"], "rest_jwt": True})
    control = controls["rest-address"]
    assert all(p.token for p in control.probes)
    assert {p.path for p in control.probes} == {"/LiveApp/rest/v2/version"}
    inside = {p.source.address for p in control.probes if p.expected == LET_IN}
    assert inside == {"127.0.0.1", "198.51.100.0", "198.51.100.255"}


def test_no_list_lets_everybody_in(compile_):
    control = compile_(app_defaults={"settings": {"ipFilterEnabled": False}})["rest-address"]
    assert {p.expected for p in control.probes} == {LET_IN}
