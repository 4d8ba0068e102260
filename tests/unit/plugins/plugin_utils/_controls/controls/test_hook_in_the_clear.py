from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    hook_in_the_clear,
)

from tests.kit import audited

CASES = audited.Cases(
    hook_in_the_clear.CONTROL,
    fails={
        "who may publish": audited.app(webhookAuthenticateURL="http://hook.example.net/a?k=v"),
        "what happens": audited.app(listenerHookURL="HTTP://192.0.2.1:8080/hook"),
    },
    passes={
        "as shipped": audited.shipped,
        "with TLS": audited.app(webhookAuthenticateURL="https://hook.example.net/"),
        "on the host": audited.app(
            webhookAuthenticateURL="http://127.0.0.1:9000/", listenerHookURL="http://localhost/"
        ),
    },
    others={"overruled": (audited.app(webhookAuthenticateURL="${X}"), "cannot tell")},
)

test_cases = CASES.test


def policies(host):
    """What mends each fault."""
    return [fault.policy for fault in CASES.judge(host).faults]


def test_an_address_is_written_only_where_all_of_it_is_told(audited_host):
    audited_host.app({"listenerHookURL": "http://a.example/x?k=v"})
    assert policies(audited_host) == [{}]
    audited_host.app({"webhookAuthenticateURL": "http://a.example/x?k=v"})
    settings = {"webhookAuthenticateURL": "https://a.example/x?k=v"}
    assert policies(audited_host) == [{"antmedia_apps": {"LiveApp": {"settings": settings}}}, {}]
