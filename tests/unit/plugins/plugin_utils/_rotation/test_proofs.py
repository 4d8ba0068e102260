from __future__ import annotations

import copy

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    evidence as _evidence,
    orders as _orders,
    proofs as _proofs,
)
from hypothesis import given, settings, strategies as st

from tests.kit.rotating import CLUSTER, MANAGEMENT, REST, SCOPES, STREAM, cluster_look, look


def change(**marks):
    return {
        "fingerprints": {
            "management": "fp:new",
            "apps": {"LiveApp": {"stream": "fp:new"}, "other": {"stream": "fp:x"}},
        },
        **marks,
    }


@pytest.mark.parametrize(
    "result, said",
    [
        (change(), ""),
        ({"failed": True, "msg": "disk\nfull"}, "could not be changed: disk full"),
        ({"skipped": True}, "a host before it failed"),
        (change(waiting=True), "waits until nobody is on air"),
        (change(restart_required=True), "a restart is due"),
        ({}, "did not say"),
    ],
)
def test_what_a_changed_host_holds(result, said):
    host = _evidence.survey(look(), "fleet", SCOPES)
    wanting = _proofs.holds(host, STREAM, "fp:new", result)
    assert (wanting == "") == (said == "") and said in wanting


def test_what_an_unchanged_host_holds():
    host = _evidence.survey(look(), "fleet", SCOPES)
    assert _proofs.holds(host, STREAM, "fp:s", None) == ""
    assert _proofs.holds(host, STREAM, "fp:t", None) == "does not hold it"
    assert _proofs.holds(host, MANAGEMENT, "fp:new", change()) == ""
    assert _proofs.holds(host, STREAM, "fp:t", change()) == "does not hold it"


def proof(outcome="enforced", control="play", previous="refused", name="LiveApp"):
    return {
        "controls": [
            {"app": name, "control": control, "outcome": outcome, "reason": "lets in: no token"},
            {"app": name, "control": "webrtc-play", "outcome": "cannot tell", "reason": "x"},
        ],
        "probes": [
            {"app": name, "control": control, "case": _proofs.PREVIOUS_CASE, "came": previous}
        ],
    }


@pytest.mark.parametrize(
    "result, said",
    [
        (proof(), ""),
        (None, "was not asked"),
        ({"failed": True, "msg": "no server"}, "could not be asked: no server"),
        (proof("not enforced"), "LiveApp: play not enforced: lets in: no token"),
        (proof("cannot tell"), "LiveApp: play cannot tell"),
        (proof(name="other"), "LiveApp: stream was not asked about"),
        (proof(previous="let in"), "no token of the secret before was tried"),
    ],
)
def test_a_proof_needs_the_new_one_in_and_the_old_one_out(result, said):
    host = _evidence.survey(look(), "fleet", [STREAM])
    wanting = _proofs.proved(host, STREAM, result, True, False)
    assert (wanting == "") == (said == "") and said in wanting


def test_without_an_old_secret_none_need_be_refused():
    host = _evidence.survey(look(), "fleet", [STREAM])
    found = proof()
    found["probes"] = []
    assert _proofs.proved(host, STREAM, found, False, False) == ""
    assert _proofs.proved(host, STREAM, found, True, False)


def test_publish_cannot_tell_but_play_can():
    found = proof()
    found["controls"].append(
        {"app": "LiveApp", "control": "publish", "outcome": "cannot tell", "reason": "hook"}
    )
    host = _evidence.survey(look(), "fleet", [STREAM])
    assert _proofs.proved(host, STREAM, found, True, False) == ""
    found["controls"][-1]["outcome"] = "not enforced"
    assert _proofs.proved(host, STREAM, found, True, False) == "LiveApp: publish not enforced: hook"


def test_what_an_edition_does_not_enforce_is_excused_only_when_asked_and_only_for_streams():
    host = _evidence.survey(look(edition="community"), "fleet", SCOPES)
    assert _proofs.proved(host, STREAM, proof("not enforced"), True, True) == ""
    assert _proofs.proved(host, STREAM, proof("not enforced"), True, False)
    assert _proofs.proved(host, REST, proof("not enforced", "rest-jwt"), True, True)
    host = _evidence.survey(look(), "fleet", SCOPES)
    assert _proofs.proved(host, STREAM, proof("not enforced"), True, True)


def test_a_key_of_the_nodes_that_nothing_shows_is_excused_only_when_asked():
    host = _evidence.survey(cluster_look(), "fleet", [CLUSTER])
    assert _proofs.proved(host, CLUSTER, proof(control="cluster-key"), True, False) == ""
    silent = proof("cannot tell", "cluster-key")
    assert _proofs.proved(host, CLUSTER, silent, True, True) == ""
    assert "cannot tell" in _proofs.proved(host, CLUSTER, silent, True, False)
    assert _proofs.proved(host, CLUSTER, proof("not enforced", "cluster-key"), True, True)
    assert "was not asked about" in _proofs.proved(host, CLUSTER, proof(), True, True)


def test_the_case_of_the_previous_key_is_one_that_is_asked():
    """A proof that called it otherwise would never prove anything."""
    from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
        cases as _cases,
        question as _question,
    )

    cases = [case for case, _expected, _token in _cases.jwt_cases("a" * 32, {}, "b" * 32)]
    assert _proofs.PREVIOUS_CASE in cases and _question.REFUSED == "refused"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def places(found, path=()):
    """Where something is in an answer."""
    yield path
    for key in (
        found if isinstance(found, dict) else range(len(found) if isinstance(found, list) else 0)
    ):
        yield from places(found[key], (*path, key))


def changed(found, path, value):
    if not path:
        return value
    copied = copy.copy(found)
    copied[path[0]] = changed(found[path[0]], path[1:], value)
    return copied


PROOF = {
    "controls": [{"app": "LiveApp", "control": "play", "outcome": "enforced", "reason": ""}],
    "probes": [
        {"app": "LiveApp", "control": "play", "case": _proofs.PREVIOUS_CASE, "came": "refused"}
    ],
}


CHANGE = {"changed": True, "fingerprints": {"management": "fp:m", "apps": {"LiveApp": {}}}}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_answer_of_a_host_stops_the_others(data):
    """Whatever stands in place of any part of an answer, something is said of that host."""

    def spoilt(answer):
        path = data.draw(st.sampled_from([each for each in places(answer) if each]))
        return changed(answer, path, data.draw(ANYTHING))

    host = _evidence.survey(spoilt(look()), "fleet", SCOPES)
    hosts = {"a": host, "b": _evidence.survey(look(), "fleet", SCOPES)}
    for scope in SCOPES:
        _evidence.seen(hosts, scope)
        _evidence.unused(hosts, scope)
        assert isinstance(_proofs.holds(host, scope, "fp:s", spoilt(CHANGE)), str)
        for old in (True, False):
            assert isinstance(_proofs.proved(host, scope, spoilt(PROOF), old, True), str)
    _orders.policy(host, SCOPES)
    _evidence.overruled({"apps": {"LiveApp": {"stream": "x" * 40}}}, host, {STREAM: {"fp:s"}})
