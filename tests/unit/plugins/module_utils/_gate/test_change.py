"""What changes in a gate's policy, as people see it."""

from __future__ import annotations

import json

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    change as _change,
    policy as _policy,
)

from .conftest import PREVIOUS, SECRET


def of(plain):
    return _policy.read(json.dumps(plain))


def test_nothing_changes(text):
    policy = _policy.read(text)
    assert _change.changes(policy, policy) == []
    assert _change.changes(None, None) == []


def test_a_secret_is_a_fingerprint_with_its_end(plain, text):
    old = _policy.read(text)
    secrets = plain["applications"]["LiveApp"]["publish"]["secrets"]
    secrets[:] = [{"secret": PREVIOUS, "until": None}, {"secret": SECRET, "until": 1795000000}]
    assert _change.changes(old, of(plain)) == [
        (
            "applications.LiveApp.publish.secrets",
            fingerprint(SECRET),
            f"{fingerprint(PREVIOUS)}, {fingerprint(SECRET)} until 1795000000",
        )
    ]


def test_lists_kinds_and_ports(plain, text):
    old = _policy.read(text)
    plain["applications"]["open"]["play"]["kind"] = "jwt"
    plain["panel"]["cidrs"] = None
    plain["listen"]["http"] = 80
    assert _change.changes(old, of(plain)) == [
        ("applications.open.play.kind", "none", "jwt"),
        ("listen.http", "5080", "80"),
        ("panel.cidrs", '["127.0.0.1/32"]', "null"),
    ]


def test_a_gate_that_comes_or_goes_shows_no_secret(text):
    policy = _policy.read(text)
    came, gone = _change.changes(None, policy), _change.changes(policy, None)
    assert all(old is None for _key, old, _new in came)
    assert all(new is None for _key, _old, new in gone)
    assert len(came) == len(gone) > 20
    assert SECRET not in str(came + gone) and PREVIOUS not in str(came + gone)
