from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    certificate_name,
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


def named(name):
    """Have the server's file name it."""
    return audited.seen(names={"server": name})


CASES = audited.Cases(
    certificate_name.CONTROL,
    fails={
        "of another server": audited.both(named("tv.example.net"), one()),
        "below a star": audited.both(named("a.b.example.org"), one()),
    },
    passes={
        "of the server": audited.both(named("Live.example.net"), one()),
        "by a star": audited.both(named("tv.example.org"), one()),
        "of the machine": audited.both(
            one(), named(""), audited.seen(machine={"name": "live.example.net"})
        ),
    },
    others={
        "no TLS": (audited.shipped, "not applicable"),
        "a keystore that does not show it": (tls(file(kind="pkcs12")), "cannot tell"),
        "no file": (tls(file(there=False, kind="")), "cannot tell"),
        "not told": (audited.seen(certificates=None), "cannot tell"),
        "nonsense": (tls(file("x")), "cannot tell"),
        "no name is known": (audited.both(named("1.2.3.4"), one()), "cannot tell"),
    },
)

test_cases = CASES.test
