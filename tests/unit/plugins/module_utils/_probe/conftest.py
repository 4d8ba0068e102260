"""Controls of a policy, what tests read of them, and who asks."""

from __future__ import annotations

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import compile as _compile
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    ask as _ask,
    controls as _controls,
)

from tests.kit.tls_front import TlsFront

NOW = 1_800_000_000


@pytest.fixture
def compile_(fake):
    """Controls by name of a policy given as keywords, of the application LiveApp."""

    def controls(on=None, options=None, app="LiveApp", cluster=None, **policy):
        policy.setdefault("secrets", {"app_defaults": fake.SECRETS, **fake.SECRETS})
        policy["secrets"] = {
            "management": fake.SECRETS["management"],
            "app_defaults": {k: v for k, v in fake.SECRETS.items() if k != "management"},
            **({"cluster": cluster} if cluster else {}),
        }
        policy.update(unenforceable="warn", allow_lockout=True)
        installation = fake.installation(**(on or {}))
        wanted = _compile.compile_policy(policy, installation)
        found = _controls.compile_probes(wanted, installation, options)
        return {control.name: control for control in found if control.app in ("", app)}

    return controls


@pytest.fixture
def cases():
    """What is expected of each case of a control."""
    return lambda control: {probe.case: probe.expected for probe in control.probes}


@pytest.fixture
def claims():
    """The claims of the token that a probe shows."""
    return lambda probe: jwt.decode(probe.token.text(NOW), options={"verify_signature": False})


@pytest.fixture
def asker(web, rtmp):
    return _ask.Asker(("127.0.0.1", web.port), ("127.0.0.1", rtmp.port), timeout=2)


@pytest.fixture
def tls_front(tmp_path):
    """Start a port that speaks TLS before another one; returns its number."""
    fronts = []

    def start(port):
        front = TlsFront(tmp_path, port)
        fronts.append(front)
        return front.port

    yield start
    for front in fronts:
        front.close()
