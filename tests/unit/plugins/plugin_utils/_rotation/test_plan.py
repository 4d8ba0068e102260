from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import plan as _plan
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import Plan, Secret

from tests.kit.rotating import STREAM, Fleet


def test_fingerprints_name_secrets_and_nothing_else_does():
    fleet = Fleet("h1", scopes=[STREAM])
    secret = fleet.store.kept[STREAM]["current"]["secret"]
    assert fleet.mark(STREAM, "current") == fingerprint(secret)


def test_a_secret_knows_what_it_had_and_let_go():
    secret = Secret("f/a/stream", current="fp:c", retired=("fp:old",))
    assert [secret.knows(mark) for mark in ("fp:c", "fp:old", "fp:x", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_version_that_is_not_there_has_an_empty_fingerprint():
    assert _plan.marks({}) == {"pending": "", "current": "", "previous": ""}


def test_a_plan_comes_back_through_ansible_as_it_was():
    plan = Plan(
        "f/a/stream", "idle", ("stage", "prove"), "pending", ("h1",), ("h1",), {"h2": "x"}, 2
    )
    back = _plan.plans({"plans": json.loads(json.dumps({"f/a/stream": asdict(plan)}))})
    assert back == {"f/a/stream": plan}


@pytest.mark.parametrize(
    "target, state, old",
    [
        ("pending", "idle", "current"),
        ("pending", "switched", "current"),
        ("current", "staged", "pending"),
        ("current", "cutover", "pending"),
        ("current", "behind", "previous"),
    ],
)
def test_which_version_is_to_be_refused(target, state, old):
    assert Plan("f/a/stream", state, target=target).old == old
