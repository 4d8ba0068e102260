from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    jwks_address,
)

from tests.kit import audited

CASES = audited.Cases(
    jwks_address.CONTROL,
    fails={
        "of an application": audited.app(jwksURL="https://id.example.net/.well-known/jwks.json"),
        "somewhere else": audited.app(jwksURL="https://id.example.net/keys/jwks.json"),
        "of the management": audited.server({"server.jwksURL": "https://id.example.net/jwks.json"}),
    },
    passes={
        "as shipped": audited.shipped,
        "the base": audited.app(jwksURL="https://id.example.net"),
    },
    others={"overruled": (audited.app(jwksURL="${X}"), "cannot tell")},
)

test_cases = CASES.test


def policies(host):
    """What mends each fault."""
    return [fault.policy for fault in CASES.judge(host).faults]


def test_what_is_in_front_of_the_usual_path_is_written(audited_host):
    audited_host.app({"jwksURL": "https://id.example.net/.well-known/jwks.json"})
    settings = {"jwksURL": "https://id.example.net"}
    assert policies(audited_host) == [{"antmedia_apps": {"LiveApp": {"settings": settings}}}]
    audited_host.app({"jwksURL": "https://id.example.net/keys/jwks.json"})
    assert policies(audited_host) == [{}]
