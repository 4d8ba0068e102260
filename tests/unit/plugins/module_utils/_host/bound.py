"""A socket that listens, of any family."""

from __future__ import annotations

import socket

import pytest


def bind(address, family=socket.AF_INET, only_v6=False):
    server = socket.socket(family)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only_v6)
    try:
        server.bind((address, 0))
    except OSError:
        server.close()
        pytest.skip("no IPv6 here")
    server.listen()
    return server
