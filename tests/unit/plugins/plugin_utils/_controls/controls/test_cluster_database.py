from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    cluster_database,
)

from tests.kit import audited

CLUSTER = audited.told(clustered=True)


def database(host, password=""):
    """Have the file name a database."""
    return audited.server({"clusterdb.host": host, "clusterdb.password": password})


CASES = audited.Cases(
    cluster_database.CONTROL,
    fails={"no password": audited.both(CLUSTER, database("db.example.net"))},
    passes={
        "a password": audited.both(CLUSTER, database("db.example.net", "p" * 20)),
        "in the address": audited.both(CLUSTER, database("mongodb://a:b@db.example.net")),
        "on this host": audited.both(CLUSTER, database("localhost")),
    },
    others={
        "no cluster": (database("db.example.net"), "not applicable"),
        "not told": (
            audited.both(CLUSTER, database("x"), audited.seen(secrets=None)),
            "cannot tell",
        ),
    },
)

test_cases = CASES.test
