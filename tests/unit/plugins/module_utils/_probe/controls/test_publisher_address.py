from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import asked as _asked
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    REFUSED,
)


def sources(control):
    return {p.source.address for p in control.probes if not p.surface.outside}


def test_the_publishers_address(compile_):
    policy = {"publish": "jwt", "publisher_cidrs": ["127.0.0.16/28"]}
    controls = compile_(app_defaults=policy)
    control = controls["publisher-address"]
    assert {p.source.way for p in control.probes} == {"direct"}
    assert all(p.token for p in control.probes)
    assert sources(controls["publish"]) == {"127.0.0.16"}


def test_a_publishers_list_without_an_address_of_the_host(compile_):
    policy = {"publish": "jwt", "publisher_cidrs": ["192.0.2.0/24"]}
    controls = compile_(app_defaults=policy)
    assert {p.expected for p in controls["publisher-address"].probes} == {REFUSED}
    assert "vantage" in controls["publish"].excuse
    policy["publish"] = "one_time"
    assert compile_(app_defaults=policy)["publisher-address"].silent
    options = _asked.Options(own=("192.0.2.9",))
    policy["publish"] = "jwt"
    controls = compile_(options=options, app_defaults=policy)
    assert not controls["publish"].excuse
    assert sources(controls["publish"]) == {"192.0.2.9"}
