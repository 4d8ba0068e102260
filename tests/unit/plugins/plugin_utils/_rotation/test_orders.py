from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    evidence as _evidence,
    orders as _orders,
)

from tests.kit.rotating import CLUSTER, MANAGEMENT, REST, SCOPES, STREAM, cluster_look, look


def test_secrets_and_policies_are_picked_for_a_host():
    host = _evidence.survey(look(), "fleet", SCOPES)
    assert _orders.pick(host, {STREAM: "pending", MANAGEMENT: "current"}) == [
        {"app": "", "realm": "management", "scope": MANAGEMENT, "version": "current"},
        {"app": "LiveApp", "realm": "stream", "scope": STREAM, "version": "pending"},
    ]
    assert _orders.policy(host, [STREAM, REST]) == {
        "management_jwt": None,
        "apps": {
            "LiveApp": {"rest_jwt": True, "play": "jwt", "publish": "jwt"},
            "other": {"rest_jwt": True},
        },
    }
    assert _orders.policy(host, [MANAGEMENT]) == {"management_jwt": True, "apps": {}}


def test_a_key_of_the_nodes_is_guarded_by_no_word_of_the_policy():
    host = _evidence.survey(cluster_look(), "fleet", [CLUSTER])
    assert _orders.policy(host, [CLUSTER]) == {"management_jwt": None, "apps": {"LiveApp": {}}}
