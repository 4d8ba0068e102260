from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    jwks_no_expiry,
)

from tests.kit import audited

URL = "https://id.example.net"

CASES = audited.Cases(
    jwks_no_expiry.CONTROL,
    fails={
        "of an application": audited.app(jwtControlEnabled="true", jwksURL=URL),
        "of the management": audited.server(
            {"server.jwtServerControlEnabled": "true", "server.jwksURL": URL}
        ),
    },
    passes={
        "as shipped": audited.shipped,
        "not looked at": audited.app(jwksURL=URL),
        "a secret": audited.app(jwtControlEnabled="true", jwtSecretKey="x" * 32),
    },
    others={"overruled": (audited.app(jwtControlEnabled="true", jwksURL="${X}"), "cannot tell")},
)

test_cases = CASES.test


def policies(host):
    """What mends each fault."""
    return [fault.policy for fault in CASES.judge(host).faults]


def test_a_secret_takes_the_place_of_the_key_server(audited_host):
    audited_host.server({"server.jwtServerControlEnabled": "true", "server.jwksURL": URL})
    (policy,) = policies(audited_host)
    assert policy["antmedia_management_jwt"] is True
    assert policy["antmedia_server_settings"] == {"server.jwksURL": ""}
