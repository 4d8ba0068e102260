from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import valve as _valve
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    proxies_spoofable,
)

from tests.kit import audited


def believes(expression):
    """Have the server believe the peers that an expression matches."""

    def edit(host):
        path = host.path("conf/jee-container.xml")
        path.write_bytes(_valve.edit(path.read_bytes(), expression))

    return edit


def no_valve(host):
    path = host.path("conf/jee-container.xml")
    path.write_bytes(path.read_bytes().replace(b"RemoteIpValve", b"AccessLogValve"))


CASES = audited.Cases(
    proxies_spoofable.CONTROL,
    fails={
        "as shipped": lambda host: None,
        "everybody": believes(".*"),
        "all private addresses": believes(r"10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\..*"),
    },
    passes={"the host itself": believes(r"127\.0\.0\.1")},
    others={
        "no valve": (no_valve, "cannot tell"),
        "not readable": (lambda host: host.tell(proxies=None), "cannot tell"),
    },
)

test_cases = CASES.test
