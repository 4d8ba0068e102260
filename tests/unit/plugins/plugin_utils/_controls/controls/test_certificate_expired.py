from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    certificate_expired,
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
    certificate_expired.CONTROL,
    fails={
        "over": one(ends=NOW - 86400),
        "this second": one(ends=NOW),
        "not begun": one(begins=NOW + 60),
    },
    passes={
        "good": one(),
        "it begins this second": one(begins=NOW),
        "one that is sent along": tls(file(GOOD, {**GOOD, "ends": 1})),
    },
    others={
        "no TLS": (audited.shipped, "not applicable"),
        "a keystore that does not show it": (tls(file(kind="pkcs12")), "cannot tell"),
        "no file": (tls(file(there=False, kind="")), "cannot tell"),
        "not told": (audited.seen(certificates=None), "cannot tell"),
        "nonsense": (tls(file("x")), "cannot tell"),
        "no clock": (audited.both(one(), audited.seen(clock=None)), "cannot tell"),
    },
)

test_cases = CASES.test
