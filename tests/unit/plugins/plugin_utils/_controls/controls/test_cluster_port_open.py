from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    cluster_port_open,
)

from tests.kit import audited


def row(port, address="0.0.0.0", server=True):
    """Something that listens."""
    return {"address": address, "port": port, "account": "antmedia", "server": server}


def running(*rows):
    """Have the server run, and some ports be open."""
    return audited.told(process=audited.RUNNING, evidence={"listens": list(rows)})


CASES = audited.Cases(
    cluster_port_open.CONTROL,
    fails={
        "open": running(row(5000)),
        "another one": audited.both(
            running(row(5555)), audited.server({"server.origin_port": "5555"})
        ),
    },
    passes={
        "closed": running(row(5080)),
        "on the host only": running(row(5000, address="::1")),
        "somebody else's": running(row(5000, server=False)),
    },
    others={
        "a stopped server": (audited.shipped, "not applicable"),
        "a cluster": (
            audited.both(running(row(5000)), audited.told(clustered=True)),
            "not applicable",
        ),
        "whose is not seen": (running(row(5000, server=None)), "cannot tell"),
        "not told": (audited.both(running(), audited.seen(listens=7)), "cannot tell"),
    },
)

test_cases = CASES.test
