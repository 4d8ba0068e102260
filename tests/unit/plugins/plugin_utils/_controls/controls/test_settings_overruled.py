from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    settings_overruled,
)

from tests.kit import audited


def entry(**more):
    """Something that overrules a setting of the application."""
    told = {
        "app": "LiveApp",
        "setting": "jwtSecretKey",
        "key": "JWTSECRETKEY",
        "way": "environment variable",
        "where": "/etc/systemd/system/antmedia.service.d/local.conf",
        "when": "next start",
        "fills": False,
    }
    return lambda host: host.tell(overruled=[{**told, **more}])


CASES = audited.Cases(
    settings_overruled.CONTROL,
    fails={
        "an environment variable": (
            entry(),
            "LiveApp: jwtSecretKey is overruled by the environment variable JWTSECRETKEY in"
            " /etc/systemd/system/antmedia.service.d/local.conf (next start)",
        ),
        "everything of every application": (
            entry(app="*", setting="*", way="other folder"),
            "every application: every setting is overruled by the other folder",
        ),
        "of the server": (
            entry(app="", setting="server.jwksURL", way="bean"),
            "the server: server.jwksURL is overruled by the bean",
        ),
        "a reference": lambda host: host.app({"remoteAllowedCIDR": "${ELSEWHERE}"}),
    },
    passes={
        "as shipped": lambda host: None,
        "what decides no access": entry(setting="hlsTime"),
        "what only fills in": entry(fills=True),
        "the database of a cluster": entry(way="database", setting="*"),
    },
    others={
        "what was not read": (lambda host: host.tell(unread=["/x: no"]), "cannot tell"),
        "nonsense": (entry(fills="yes"), "cannot tell"),
    },
)

test_cases = CASES.test


@pytest.mark.parametrize(("app", "named"), [("LiveApp", "LiveApp"), ("*", ""), ("", "")])
def test_which_application_a_fault_is_about(audited_host, app, named):
    entry(app=app, setting="*")(audited_host)
    (fault,) = CASES.judge(audited_host).faults
    assert fault.app == named
