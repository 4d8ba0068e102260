from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    key_twin,
)

from tests.kit import audited


def raw(*lines):
    """Have the file of an application alone hold lines, as they are."""

    def edit(host):
        host.only(host.app_name)
        path = host.path(f"webapps/{host.app_name}/WEB-INF/red5-web.properties")
        path.write_text("".join(line + "\n" for line in ("webapp.contextPath=/LiveApp", *lines)))

    return edit


CASES = audited.Cases(
    key_twin.CONTROL,
    fails={
        "a switch": audited.both(
            lambda host: host.pretend("2.17.1"),
            raw("settings.ipFilterEnabled=true", "ipFilterEnabled=false"),
        ),
        "of another file": audited.seen(
            keys={
                "server": [],
                "apps": {
                    "LiveApp": [
                        {
                            "key": "x",
                            "setting": "server.jwksURL",
                            "fault": "twin",
                            "wins": "server.jwksURL",
                        }
                    ]
                },
            }
        ),
        "a secret": audited.both(
            lambda host: host.pretend("2.17.1"), raw("settings.jwtSecretKey=a", "jwtSecretKey=")
        ),
        "a list": audited.both(
            lambda host: host.pretend("2.6.1"),
            raw("settings.remoteAllowedCIDR=127.0.0.1", "remoteAllowedCIDR=0.0.0.0/0"),
        ),
    },
    passes={
        "the same meaning": audited.both(
            lambda host: host.pretend("2.17.1"),
            raw("settings.ipFilterEnabled=TRUE", "ipFilterEnabled=true"),
        ),
        "what decides no access": raw("settings.mp4MuxingEnabled=true", "mp4MuxingEnabled=false"),
    },
    others={"not told": (audited.seen(keys={"apps": 7}), "cannot tell")},
)

test_cases = CASES.test


def policies(host):
    """What mends each fault."""
    return [fault.policy for fault in CASES.judge(host).faults]


def test_what_holds_now_is_written(audited_host):
    raw("settings.ipFilterEnabled=true", "ipFilterEnabled=false")(audited_host)
    settings = {"ipFilterEnabled": "false"}
    assert policies(audited_host) == [{"antmedia_apps": {"LiveApp": {"settings": settings}}}]


def test_secrets_and_lists_are_not_written(audited_host):
    twins = ("jwtSecretKey=a", "remoteAllowedCIDR=10.0.0.0/8")
    raw(*twins, "settings.jwtSecretKey=b", "settings.remoteAllowedCIDR=1.2.3.4")(audited_host)
    assert policies(audited_host) == [{}, {}]
