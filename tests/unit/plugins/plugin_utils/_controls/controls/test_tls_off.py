from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    tls_off,
)

from tests.kit import audited


def listens(address, port, server):
    """Have something listen."""
    row = {"address": address, "port": port, "account": "www-data", "server": server}
    return audited.seen(listens=[row])


CASES = audited.Cases(
    tls_off.CONTROL,
    fails={
        "as shipped": audited.shipped,
        "proxies on the host alone": audited.told(proxies={"internalProxies": r"127\.0\.0\.1"}),
        "a front that nobody reaches": listens("127.0.0.1", 443, False),
        "the server itself on a port of fronts": listens("0.0.0.0", 80, True),
    },
    passes={
        "TLS": audited.seen(certificates={"https": True, "rtmps": False, "files": []}),
        "on the host only": audited.server({"http.host": "127.0.0.1"}),
        "proxies": audited.told(proxies={"internalProxies": r"10\.0\.0\.5"}),
        "a front": listens("::", 443, False),
    },
    others={"not told": (audited.seen(certificates=None), "cannot tell")},
)

test_cases = CASES.test
