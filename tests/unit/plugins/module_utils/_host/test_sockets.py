"""Which sockets listen, as both ways to ask the kernel say."""

from __future__ import annotations

import ipaddress
import os
import socket

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import sockets as _sockets

from tests.unit.plugins.module_utils._host.bound import bind


@pytest.mark.parametrize(
    ("address", "family", "only_v6", "reached"),
    [
        ("127.0.0.1", socket.AF_INET, False, {"127.0.0.1"}),
        ("0.0.0.0", socket.AF_INET, False, {"127.0.0.1", "127.0.0.2"}),
        ("::1", socket.AF_INET6, False, {"::1"}),
        ("::", socket.AF_INET6, False, {"127.0.0.1", "127.0.0.2", "::1"}),
        ("::", socket.AF_INET6, True, {"::1"}),
        ("::ffff:127.0.0.1", socket.AF_INET6, False, {"127.0.0.1"}),
        ("::ffff:0.0.0.0", socket.AF_INET6, False, {"127.0.0.1", "127.0.0.2"}),
    ],
)
def test_what_a_connection_reaches(listed, address, family, only_v6, reached):
    with bind(address, family, only_v6) as server:
        port = server.getsockname()[1]
        (found,) = _sockets.listening(port)
        assert (found.port, found.uid) == (port, os.geteuid())
        assert found.inode == os.fstat(server.fileno()).st_ino
        if only_v6 and listed == "table":  # the table does not say so: who may be reached counts
            reached = {"127.0.0.1", "127.0.0.2", "::1"}
        places = ("127.0.0.1", "127.0.0.2", "::1")
        assert {p for p in places if found.reached_at(ipaddress.ip_address(p))} == reached
    assert _sockets.listening(port) == []


def test_connections_are_not_counted(listed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        links = [socket.create_connection(("127.0.0.1", port)) for _each in range(50)]
        (found,) = _sockets.listening(port)
        assert found.inode == os.fstat(server.fileno()).st_ino
    assert _sockets.listening(port) == []
    for link in links:
        link.close()
