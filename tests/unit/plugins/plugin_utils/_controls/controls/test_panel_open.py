from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    panel_open,
)

from tests.kit import audited

LIST = "server.allowed_dashboard_CIDR"
CASES = audited.Cases(
    panel_open.CONTROL,
    fails={
        "as shipped": lambda host: None,
        "every IPv6 address": lambda host: host.server({LIST: "10.0.0.0/8,::/0"}),
        "in two halves": lambda host: host.server({LIST: "0.0.0.0/1,128.0.0.0/1"}),
    },
    passes={
        "a network": lambda host: host.server({LIST: "127.0.0.1,203.0.113.0/24"}),
        "nobody": lambda host: host.server({LIST: ""}),
        "dropped by the server": lambda host: host.server({LIST: "127.0.0.1,'0.0.0.0/0'"}),
    },
    others={
        "not told": (lambda host: host.tell(server=None), "cannot tell"),
        "the running server has another": (
            lambda host: host.tell(memory={"differs": {"": [LIST]}}),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
