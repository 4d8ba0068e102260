from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    keystore_password,
)

from tests.kit import audited

PASSWORD = audited.server({"rtmps.keystorepass": "k-eystore-0123456789-abcdefghij-x"})
SHIPPED = audited.server({"rtmps.keystorepass": "password"})


def keystore(**more):
    """A keystore of the server."""
    row = {"path": "/ams/conf/keystore.jks", "used_for": ["rtmps"], "there": True, "kind": "jks"}
    return {**row, "open": False, "certificates": [], **more}


def rtmps(*files):
    """Have the server have RTMPS."""
    return audited.seen(certificates={"https": False, "rtmps": True, "files": list(files)})


CASES = audited.Cases(
    keystore_password.CONTROL,
    fails={
        "as shipped, turned on": audited.both(SHIPPED, rtmps(keystore())),
        "the file alone": audited.both(PASSWORD, rtmps(keystore(open=True))),
    },
    passes={
        "a password of its own": audited.both(PASSWORD, rtmps(keystore())),
        "no file": audited.both(PASSWORD, rtmps(keystore(there=False, open=None))),
        "of HTTPS": audited.both(PASSWORD, rtmps(keystore(used_for=["https"], open=True))),
    },
    others={
        "off": (audited.shipped, "not applicable"),
        "a kind that is not understood": (
            audited.both(PASSWORD, rtmps(keystore(open=None))),
            "cannot tell",
        ),
        "not told": (audited.seen(certificates=[]), "cannot tell"),
    },
)

test_cases = CASES.test
