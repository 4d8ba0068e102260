from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    keys_readable,
)

from tests.kit import audited


def path(mode, closed_by="", kind="keys", name="conf/privkey.pem"):
    """Have one path of that kind."""
    row = {"path": "/usr/local/antmedia/" + name, "kind": kind, "mode": mode, "owner": "antmedia"}
    return audited.seen(paths=[{**row, "group": "996", "link": False, "closed_by": closed_by}])


CASES = audited.Cases(
    keys_readable.CONTROL,
    fails={
        "a key": path("0644"),
        "a keystore": path("0664", name="conf/keystore.jks"),
        "the secret of an image": path("0644", name="SECRET_KEY"),
    },
    passes={
        "its own account": path("0600"),
        "a closed folder": path("0644", "/usr/local/antmedia"),
    },
    others={
        "a certificate": (path("0644", name="conf/fullchain.pem"), "not applicable"),
        "what is shipped for JMX": (
            path("0644", name="conf/password.properties"),
            "not applicable",
        ),
        "not told": (audited.seen(paths=None), "cannot tell"),
    },
)

test_cases = CASES.test
