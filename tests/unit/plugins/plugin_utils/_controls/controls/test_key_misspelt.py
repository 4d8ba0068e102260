from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    key_misspelt,
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
    key_misspelt.CONTROL,
    fails={
        "a letter": raw("remoteAlowedCIDR=127.0.0.1"),
        "the case": raw("jwtcontrolenabled=true"),
        "of the server": audited.server(
            {"server.allowed_dashbord_CIDR": "127.0.0.1", "server.allowed_dashboard_CIDR": None}
        ),
    },
    passes={
        "as shipped": audited.shipped,
        "the right one is there, too": raw(
            "remoteAlowedCIDR=127.0.0.1", "remoteAllowedCIDR=10.0.0.0/8"
        ),
        "what the server writes of its own": raw(
            "updateTime=0",
            "dbId=x",
            "originEdgeIdleTimeout=2",
            "statsBasedABREnabled=true",
            "lLHLSEnabled=false",
        ),
        "somebody's own": raw("company.note=hello"),
        "a twin is another control's": audited.both(
            lambda host: host.pretend("2.17.1"),
            raw("settings.ipFilterEnabled=true", "ipFilterEnabled=false"),
        ),
    },
    others={"not told": (audited.seen(keys={"server": [1]}), "cannot tell")},
)

test_cases = CASES.test
