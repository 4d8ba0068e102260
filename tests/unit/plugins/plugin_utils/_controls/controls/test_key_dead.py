from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    key_dead,
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
    key_dead.CONTROL,
    fails={
        "the spelling of later versions": audited.both(
            lambda host: host.pretend("2.6.1"), raw("jwtControlEnabled=true")
        ),
        "the spelling of earlier versions": audited.both(
            lambda host: host.pretend("3.0.3"), raw("settings.jwtControlEnabled=true")
        ),
        "one that came later": audited.both(
            lambda host: host.pretend("2.6.2"), raw("secureAnalyticEndpoint=true")
        ),
    },
    passes={
        "one that is read": audited.both(
            lambda host: host.pretend("2.17.1"), raw("settings.jwtControlEnabled=true")
        ),
        "what decides no access": audited.both(
            lambda host: host.pretend("2.6.1"), raw("hlsFlags=x", "mp4MuxingEnabled=true")
        ),
        "a twin is another control's": audited.both(
            lambda host: host.pretend("3.0.3"),
            raw("settings.jwtControlEnabled=true", "jwtControlEnabled=false"),
        ),
    },
    others={"not told": (audited.seen(keys=None), "cannot tell")},
)

test_cases = CASES.test
