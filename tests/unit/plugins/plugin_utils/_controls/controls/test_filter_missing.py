from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    filter_missing,
)

from tests.kit import audited

IP, LOGIN = "io.antmedia.filter.IPFilter", "io.antmedia.console.rest.AuthenticationFilter"


def without(name, app):
    """Take the class of a filter out of a web.xml."""

    def edit(host):
        path = host.path(f"webapps/{app}/WEB-INF/web.xml")
        text = path.read_text("iso-8859-1")
        assert f">{name}<" in text
        path.write_text(text.replace(f">{name}<", ">org.example.Nothing<"), "iso-8859-1")

    return edit


CASES = audited.Cases(
    filter_missing.CONTROL,
    fails={
        "of an application": (
            without(IP, "LiveApp"),
            "without it nothing looks at remoteAllowedCIDR, ipFilterEnabled",
        ),
        "of the panel": without(LOGIN, "root"),
        "no web.xml": lambda host: host.path("webapps/LiveApp/WEB-INF/web.xml").unlink(),
    },
    passes={"as shipped": lambda host: None},
)

test_cases = CASES.test
