"""The sockets of the gate: of every address, or of this host only."""

from __future__ import annotations

import contextlib
import socket

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import ports as _ports

from demo.sandbox import free_port


def reached(port, host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as link:
        return link.connect_ex((host, port)) == 0


def test_a_public_port_is_of_every_address():
    with contextlib.closing(_ports.public(0)) as made:
        port = made.getsockname()[1]
        assert reached(port, "127.0.0.1")
        assert reached(port, "127.0.0.9")
        if made.family == socket.AF_INET6:
            assert reached(port, "::1")
        # Nobody else can have it, not even on one address.
        for address in ("127.0.0.1", "0.0.0.0"):
            with pytest.raises(OSError):
                socket.create_server((address, port))


def test_a_host_without_the_new_family(monkeypatch):
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
    with contextlib.closing(_ports.public(0)) as made:
        assert made.family == socket.AF_INET
        assert made.getsockname()[0] == "0.0.0.0"


def test_a_local_port_is_of_this_host_only():
    with contextlib.closing(_ports.local(0)) as made:
        assert made.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("make", [_ports.public, _ports.local])
def test_a_port_that_somebody_has(make):
    port = free_port()
    with socket.create_server(("127.0.0.1", port)), pytest.raises(OSError):
        make(port)
