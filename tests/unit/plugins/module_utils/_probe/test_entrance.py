"""What of a host people reach."""

from __future__ import annotations

import dataclasses
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    held as _held,
    policy as _policy,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    entrance as _entrance,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    listener as _listener,
)

OLD = "test-only-old-secret-of-the-entrance-tests"


@pytest.fixture
def policy(fake):
    live = _policy.Application(
        _policy.Direction("jwt", (_policy.Secret("x" * 32),)),
        _policy.Direction("jwt", (_policy.Secret("x" * 32), _policy.Secret(OLD, 2**32))),
    )
    return _policy.Policy(
        "/ams",
        "2.17.1",
        _policy.Upstream(15080, 11935),
        _policy.Listen(80, None, 1936, None, 9400),
        applications={"LiveApp": live},
    )


def test_the_server_itself(fake):
    found = _entrance.of(fake.installation())
    assert (found.http, found.rtmp) == (("127.0.0.1", 5080), ("127.0.0.1", 1935))
    assert not found.gate and found.overlap == found.behind == ()
    assert isinstance(found.peer, _listener.Listener)


def test_a_gate(fake, policy):
    found = _entrance.of(fake.installation(), _held.Held(policy, "", {}))
    assert (found.http, found.rtmp) == (("127.0.0.1", 80), ("127.0.0.1", 1936))
    assert found.gate and not found.tls
    assert found.behind == (9400, 11935, 15080)
    assert found.overlap == (("LiveApp", OLD, 2**32),)
    assert found.peer.accounts == ("streamward-gate", "streamward-gate-nginx")


def test_secrets_whose_overlap_is_over(fake, policy, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 2**32)
    assert _entrance.of(fake.installation(), _held.Held(policy, "", {})).overlap == ()


@pytest.mark.parametrize("of", ["another home", "a broken policy"])
def test_a_gate_that_is_not_this_servers(fake, policy, of):
    other = dataclasses.replace(policy, home="/srv") if of == "another home" else None
    assert not _entrance.of(fake.installation(), _held.Held(other, "", {})).gate
