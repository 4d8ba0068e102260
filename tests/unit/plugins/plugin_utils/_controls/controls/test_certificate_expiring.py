from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    certificate_expiring,
)

from tests.kit import audited

NOW = audited.TIDY["clock"]["now"]
GOOD = {
    "subject": "CN=live.example.net",
    "issuer": "CN=Some CA",
    "names": ["live.example.net", "*.example.org"],
    "begins": NOW - 86400,
    "ends": NOW + 80 * 86400,
    "own": False,
    "key": "RSA",
    "bits": 2048,
    "weak": "",
}


def file(*certificates, **more):
    """A file of the server's TLS."""
    row = {"path": "/ams/conf/fullchain.pem", "used_for": ["https"], "there": True, "kind": "pem"}
    return {**row, "open": None, "certificates": list(certificates), **more}


def tls(*files):
    """Have the server have TLS of some files."""
    return audited.seen(certificates={"https": True, "rtmps": False, "files": list(files)})


def one(**more):
    """Have the server show a certificate."""
    return tls(file({**GOOD, **more}))


CASES = audited.Cases(
    certificate_expiring.CONTROL,
    fails={"two days": one(ends=NOW + 2 * 86400), "two weeks": one(ends=NOW + 14 * 86400)},
    passes={
        "good": one(),
        "it ends this second": one(ends=NOW),
        "over is another control's": one(ends=NOW - 1),
        "a day more": one(ends=NOW + 15 * 86400),
    },
    others={
        "no TLS": (audited.shipped, "not applicable"),
        "a keystore that does not show it": (tls(file(kind="pkcs12")), "cannot tell"),
        "no file": (tls(file(there=False, kind="")), "cannot tell"),
        "not told": (audited.seen(certificates=None), "cannot tell"),
        "nonsense": (tls(file("x")), "cannot tell"),
    },
)

test_cases = CASES.test
