from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    list_one_family,
)

from tests.kit import audited

PANEL = "server.allowed_dashboard_CIDR"

CASES = audited.Cases(
    list_one_family.CONTROL,
    fails={
        "as shipped": audited.shipped,
        "a REST API with tokens": audited.both(
            audited.server({PANEL: "127.0.0.1"}),
            audited.app(remoteAllowedCIDR="0.0.0.0/0", jwtControlEnabled="true"),
        ),
        "IPv6 alone": audited.both(
            audited.server({PANEL: "127.0.0.1"}), audited.app(remoteAllowedCIDR="127.0.0.1,::/0")
        ),
    },
    passes={
        "both families": audited.server({PANEL: "0.0.0.0/0,::/0"}),
        "neither": audited.server({PANEL: "127.0.0.1"}),
    },
)

test_cases = CASES.test


def policies(host):
    """What mends each fault."""
    return [fault.policy for fault in CASES.judge(host).faults]


def test_everybody_is_written_only_where_a_token_is_asked_for(audited_host):
    assert policies(audited_host) == [{}]
    audited_host.app({"remoteAllowedCIDR": "0.0.0.0/0"})
    assert policies(audited_host) == [{}, {}]
    audited_host.app({"jwtControlEnabled": "true"})
    policy = {"antmedia_apps": {"LiveApp": {"rest_cidrs": ["any"]}}}
    assert policies(audited_host) == [{}, policy]
