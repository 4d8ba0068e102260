from __future__ import annotations

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import asked as _asked
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)

NOW = 1_800_000_000
CLUSTER = "cLuster-key-0123456789-abcdefghij-xx"


def test_the_key_of_the_nodes_where_a_token_is_asked_for(compile_, cases):
    options = _asked.Options(previous={("LiveApp", "clusterCommunicationKey"): "k" * 40})
    control = compile_(app_defaults={"rest_jwt": True}, cluster=CLUSTER, options=options)[
        "cluster-key"
    ]
    assert cases(control) == {
        "no token": REFUSED,
        "a good token": LET_IN,
        "an expired token": REFUSED,
        "a token of a wrong key": REFUSED,
        "an unsigned token": REFUSED,
        "a token of the previous key": REFUSED,
    }
    assert {(p.surface.name, p.source.address, p.path) for p in control.probes} == {
        ("cluster", "127.0.0.1", "/LiveApp/rest/v2/version")
    }
    (good,) = (p for p in control.probes if p.expected == LET_IN)
    assert jwt.decode(good.token.text(NOW), CLUSTER, ["HS256"], options={"verify_exp": False})


def test_the_key_of_the_nodes_where_only_the_address_counts(compile_, cases):
    policy = {"rest_jwt": False, "rest_cidrs": ["127.0.0.1"]}
    control = compile_(app_defaults=policy, cluster=CLUSTER)["cluster-key"]
    (source,) = {p.source for p in control.probes}
    assert source.way == "direct" and source.address != "127.0.0.1"
    assert cases(control)["no token"] == REFUSED and cases(control)["a good token"] == LET_IN


@pytest.mark.parametrize(
    ("on", "policy", "said"),
    [
        ({"version": "2.13.2"}, {"rest_jwt": True}, "before 2.14.0"),
        ({}, {"rest_jwt": False, "rest_cidrs": "any"}, "refuses nobody on this host"),
        (
            {},
            {"rest_jwt": False, "settings": {"ipFilterEnabled": False}},
            "refuses nobody on this host",
        ),
    ],
)
def test_the_key_of_the_nodes_where_it_does_not_show(compile_, on, policy, said):
    control = compile_(on=on, app_defaults=policy, cluster=CLUSTER)["cluster-key"]
    assert said in control.silent and not control.probes


def test_no_key_of_the_nodes_no_control(compile_):
    assert "cluster-key" not in compile_(app_defaults={"rest_jwt": True})
    old = compile_(on={"version": "2.6.1"}, app_defaults={"rest_jwt": True}, cluster=CLUSTER)
    assert "cluster-key" not in old
