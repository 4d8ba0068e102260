"""The module's own part; what a call does is in the tests of the room _apply."""

from __future__ import annotations

import platform
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import lock as _lock
from ansible_collections.streamward.antmedia.plugins.modules import settings
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    POLICY,
)

HOST = platform.node()


@pytest.fixture
def secrets(fake):
    return {
        "management": fake.SECRETS["management"],
        "app_defaults": {"rest": fake.SECRETS["rest"]},
    }


@pytest.fixture
def secure(call, home):
    """Run the module on the home."""

    def run(check=False, **arguments):
        return call(settings, check, home=str(home), **arguments)

    return run


@pytest.mark.parametrize("check", [False, True])
def test_how_far_ahead_the_hosts_clock_is(secure, ams, secrets, check):
    assert "clock_ahead" not in secure(check, secrets=secrets, **POLICY)
    result = secure(check, secrets=secrets, asked_at=time.time() - 100, **POLICY)
    assert 100 <= result["clock_ahead"] < 110
    result = secure(check, secrets=secrets, asked_at=time.time() + 100, **POLICY)
    assert -100 <= result["clock_ahead"] < -90


def test_two_runs_at_once(secure, ams, home, fake, secrets):
    before = fake.snapshot(home)
    with _lock.hold(str(home), 0):
        result = secure(secrets=secrets, **POLICY)
        assert result["failed"]
        assert result["msg"] == (
            f"{HOST}: another run works on this host and did not end within 1 s; nothing was"
            " changed"
        )
        assert fake.snapshot(home) == before
        assert not secure(True, secrets=secrets, **POLICY)["failed"]
    assert secure(secrets=secrets, **POLICY)["changed"]
