from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
)


def test_the_rest_api_by_address_with_a_good_token(compile_):
    controls = compile_(app_defaults={"rest_cidrs": ["198.51.100.0/24"], "rest_jwt": True})
    control = controls["rest-address"]
    asked = [p for p in control.probes if p.surface.name == "rest-address"]
    assert all(p.token for p in asked)
    assert {p.path for p in asked} == {"/LiveApp/rest/v2/version"}
    inside = {p.source.address for p in control.probes if p.expected == LET_IN}
    assert inside == {"127.0.0.1", "198.51.100.0", "198.51.100.255"}


def test_files_are_put_by_the_same_list(compile_):
    policy = {"rest_cidrs": ["127.0.0.1"]}
    (put,) = (p for p in compile_(app_defaults=policy)["rest-address"].probes if not p.token
              and p.surface.name != "rest-address")  # fmt: skip
    assert (put.surface.name, put.expected) == ("chunked", "refused")
    assert put.source.address not in ("127.0.0.1", "")
    policy["settings"] = {"s3RecordingEnabled": True}
    names = {p.surface.name for p in compile_(app_defaults=policy)["rest-address"].probes}
    assert names == {"rest-address", "chunked", "cloud-upload"}


def test_no_list_lets_everybody_in(compile_):
    control = compile_(app_defaults={"settings": {"ipFilterEnabled": False}})["rest-address"]
    assert {p.expected for p in control.probes} == {LET_IN}
