from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    port_unexpected,
)

from tests.kit import audited


def row(port, address="0.0.0.0", server=True):
    """Something that listens."""
    return {"address": address, "port": port, "account": "antmedia", "server": server}


def running(*rows):
    """Have the server run, and some ports be open."""
    return audited.told(process=audited.RUNNING, evidence={"listens": list(rows)})


CASES = audited.Cases(
    port_unexpected.CONTROL,
    fails={"one more": running(row(9999))},
    passes={
        "those of its file": running(*map(row, (5080, 1935, 5443, 8443, 5000))),
        "on the host only": running(row(9999, address="127.0.0.1")),
        "somebody else's": running(row(9999, server=False)),
        "another port of its file": audited.both(
            running(row(8080)), audited.server({"http.port": "8080"})
        ),
    },
    others={
        "a stopped server": (audited.shipped, "not applicable"),
        "whose is not seen": (running(row(5080, server=None)), "cannot tell"),
        "not told": (audited.both(running(), audited.seen(listens=None)), "cannot tell"),
    },
)

test_cases = CASES.test
