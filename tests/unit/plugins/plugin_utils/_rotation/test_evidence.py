from __future__ import annotations

import copy

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import evidence as e
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.machine import Seen
from hypothesis import given, settings, strategies as st

STREAM, REST, MANAGEMENT = "fleet/LiveApp/stream", "fleet/_default/rest", "fleet/management"
CLUSTER = "fleet/cluster"
SCOPES = [STREAM, "fleet/_default/stream", REST, MANAGEMENT]


def app(name, **settings):
    return {
        "file": f"/ams/{name}",
        "writable_by_server": True,
        "settings": {"jwtControlEnabled": "true", "playJwtControlEnabled": "true", **settings},
    }


def look(**more):
    facts = {
        "version": "2.17.1",
        "edition": "enterprise",
        "process": {"pid": 1},
        "server": {"settings": {"server.jwtServerControlEnabled": "true"}},
        "apps": {
            "LiveApp": app("LiveApp", publishJwtControlEnabled="TRUE"),
            "other": app("other", playJwtControlEnabled="false"),
        },
        "fingerprints": {
            "management": "fp:m",
            "apps": {
                "LiveApp": {"stream": "fp:s", "rest": "fp:r"},
                "other": {"stream": "fp:x", "rest": "fp:r"},
            },
        },
        "memory": {"known": True, "differs": {}, "unfinished": False, "overrides": []},
    }
    return {"ansible_facts": {"antmedia": {**copy.deepcopy(facts), **more}}}


def use(scope, app_name, realm, mark, running=True, guards=()):
    return e.Use(scope, app_name, realm, mark, running, tuple(guards))


def test_a_host_uses_what_is_switched_on():
    host = e.survey(look(), "fleet", SCOPES)
    assert host.trouble == "" and host.edition == "enterprise"
    assert set(host.uses) == {
        use(MANAGEMENT, "", "management", "fp:m", guards=["management_jwt"]),
        use(REST, "LiveApp", "rest", "fp:r", guards=["rest_jwt"]),
        use(REST, "other", "rest", "fp:r", guards=["rest_jwt"]),
        use(STREAM, "LiveApp", "stream", "fp:s", guards=["publish", "play"]),
    }


def test_an_application_belongs_to_its_own_scope_or_to_the_default_one_or_to_none():
    assert {use.app: use.scope for use in e.survey(look(), "fleet", [REST]).uses} == {
        "LiveApp": REST,
        "other": REST,
    }
    own = [REST, "fleet/other/rest"]
    assert {use.app: use.scope for use in e.survey(look(), "fleet", own).uses} == {
        "LiveApp": REST,
        "other": "fleet/other/rest",
    }
    assert e.survey(look(), "elsewhere", SCOPES).uses == ()


@pytest.mark.parametrize(
    "memory, running",
    [
        ({"known": True, "differs": {"LiveApp": ["hlsTime"]}}, True),
        ({"known": True, "differs": {"LiveApp": ["jwtStreamSecretKey"]}}, False),
        ({"known": True, "differs": {"LiveApp": ["playJwtControlEnabled"]}}, False),
        ({"known": True, "differs": {"other": ["jwtStreamSecretKey"]}}, True),
        ({"known": False, "differs": {}}, None),
        ({"known": True, "differs": {}, "unfinished": True}, False),
    ],
)
def test_what_the_server_runs_on(memory, running):
    host = e.survey(look(memory=memory), "fleet", [STREAM])
    assert [use.running for use in host.uses] == [running]


@pytest.mark.parametrize(
    "found, said",
    [
        (None, "is not in this run (--limit?)"),
        ({"unreachable": True, "msg": "ssh"}, "cannot be reached"),
        ({"failed": True, "msg": "there is no AMS\nin /x\nmore"}, "there is no AMS in /x"),
        ({"skipped": True}, "gave no facts"),
        (look(process=None), "its server does not run"),
        (
            look(memory={"known": False, "overrides": ["settings_jwtSecretKey", "HLSTIME"]}),
            "overrules settings_jwtSecretKey",
        ),
    ],
)
def test_hosts_that_cannot_take_part(found, said):
    host = e.survey(found, "fleet", SCOPES)
    assert said in host.trouble and "more" not in host.trouble


def test_a_file_that_the_server_cannot_write_is_trouble_only_where_it_matters():
    found = look()
    found["ansible_facts"]["antmedia"]["apps"]["other"]["writable_by_server"] = False
    assert "its server cannot write /ams/other" in e.survey(found, "fleet", SCOPES).trouble
    assert e.survey(found, "fleet", [STREAM]).trouble == ""


def test_the_hosts_of_a_scope_are_those_that_use_it_and_those_nothing_is_known_of():
    hosts = {
        "h1": e.survey(look(), "fleet", SCOPES),
        "h2": e.survey(None, "fleet", SCOPES),
        "h3": e.survey(look(process=None), "fleet", SCOPES),
        "h4": e.survey(look(apps={}), "fleet", SCOPES),
        "h5": e.survey(look(), "elsewhere", ["elsewhere/management"]),
    }
    assert e.seen(hosts, STREAM) == {
        "h1": Seen(("fp:s",)),
        "h2": Seen((), True, "is not in this run (--limit?)"),
        "h3": Seen(("fp:s",), True, "its server does not run"),
    }
    assert e.seen(hosts, "elsewhere/management") == {"h5": Seen(("fp:m",))}


def test_one_application_that_differs_shows():
    found = look(memory={"known": True, "differs": {"other": ["jwtSecretKey"]}})
    found["ansible_facts"]["antmedia"]["fingerprints"]["apps"]["other"]["rest"] = "fp:old"
    seen = e.seen({"h1": e.survey(found, "fleet", SCOPES)}, REST)
    assert seen == {"h1": Seen(("fp:old", "fp:r"), False)}


def test_secrets_and_policies_are_picked_for_a_host():
    host = e.survey(look(), "fleet", SCOPES)
    assert e.pick(host, {STREAM: "pending", MANAGEMENT: "current"}) == [
        {"app": "", "realm": "management", "scope": MANAGEMENT, "version": "current"},
        {"app": "LiveApp", "realm": "stream", "scope": STREAM, "version": "pending"},
    ]
    assert e.policy(host, [STREAM, REST]) == {
        "management_jwt": None,
        "apps": {
            "LiveApp": {"rest_jwt": True, "play": "jwt", "publish": "jwt"},
            "other": {"rest_jwt": True},
        },
    }
    assert e.policy(host, [MANAGEMENT]) == {"management_jwt": True, "apps": {}}


def test_variables_that_win_over_the_store_are_found():
    host = e.survey(look(), "fleet", SCOPES)
    right = {scope: {fingerprint("of the store")} for scope in [*SCOPES, "elsewhere/management"]}
    given = {
        "management": "another",
        "apps": {"LiveApp": {"stream": "of the store"}},
        "app_defaults": {"rest": "another"},
    }
    assert set(e.overruled(given, host, right)) == {MANAGEMENT, REST}
    assert e.overruled({}, host, right) == []
    # It is right as long as nothing is exchanged, and in the way as soon as something is.
    assert e.overruled(given, host, {STREAM: {fingerprint("of the store")}}) == []
    assert e.overruled(given, host, {STREAM: set()}) == [STREAM]
    # What names an application wins over what the store has for all of them.
    assert e.overruled({"apps": {"other": {"rest": "another"}}}, host, right) == [REST]
    assert e.overruled({"apps": {"third": {"rest": "another"}}}, host, right) == []


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
    host = e.survey(look(), "fleet", SCOPES)
    wanting = e.holds(host, STREAM, "fp:new", result)
    assert (wanting == "") == (said == "") and said in wanting


def test_what_an_unchanged_host_holds():
    host = e.survey(look(), "fleet", SCOPES)
    assert e.holds(host, STREAM, "fp:s", None) == ""
    assert e.holds(host, STREAM, "fp:t", None) == "does not hold it"
    assert e.holds(host, MANAGEMENT, "fp:new", change()) == ""
    assert e.holds(host, STREAM, "fp:t", change()) == "does not hold it"


def proof(outcome="enforced", control="play", previous="refused", name="LiveApp"):
    return {
        "controls": [
            {"app": name, "control": control, "outcome": outcome, "reason": "lets in: no token"},
            {"app": name, "control": "webrtc-play", "outcome": "cannot tell", "reason": "x"},
        ],
        "probes": [{"app": name, "control": control, "case": e.PREVIOUS_CASE, "came": previous}],
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
    host = e.survey(look(), "fleet", [STREAM])
    wanting = e.proved(host, STREAM, result, True, False)
    assert (wanting == "") == (said == "") and said in wanting


def test_without_an_old_secret_none_need_be_refused():
    host = e.survey(look(), "fleet", [STREAM])
    found = proof()
    found["probes"] = []
    assert e.proved(host, STREAM, found, False, False) == ""
    assert e.proved(host, STREAM, found, True, False)


def test_publish_cannot_tell_but_play_can():
    found = proof()
    found["controls"].append(
        {"app": "LiveApp", "control": "publish", "outcome": "cannot tell", "reason": "hook"}
    )
    host = e.survey(look(), "fleet", [STREAM])
    assert e.proved(host, STREAM, found, True, False) == ""
    found["controls"][-1]["outcome"] = "not enforced"
    assert e.proved(host, STREAM, found, True, False) == "LiveApp: publish not enforced: hook"


def test_what_an_edition_does_not_enforce_is_excused_only_when_asked_and_only_for_streams():
    host = e.survey(look(edition="community"), "fleet", SCOPES)
    assert e.proved(host, STREAM, proof("not enforced"), True, True) == ""
    assert e.proved(host, STREAM, proof("not enforced"), True, False)
    assert e.proved(host, REST, proof("not enforced", "rest-jwt"), True, True)
    host = e.survey(look(), "fleet", SCOPES)
    assert e.proved(host, STREAM, proof("not enforced"), True, True)


def cluster_look(**more):
    found = look(**more)
    facts = found["ansible_facts"]["antmedia"]
    facts["apps"]["LiveApp"]["settings"]["clusterCommunicationKey"] = "fp:c"
    facts["fingerprints"]["apps"]["LiveApp"]["cluster"] = "fp:c"
    return found


def test_every_application_uses_the_key_of_the_nodes_where_the_version_has_one():
    """The other application stands for a version that has none."""
    host = e.survey(cluster_look(), "fleet", [CLUSTER])
    assert host.uses == (use(CLUSTER, "LiveApp", "cluster", "fp:c"),)
    assert e.survey(cluster_look(), "fleet", SCOPES[:1]).uses[0].realm == "stream"
    assert e.policy(host, [CLUSTER]) == {"management_jwt": None, "apps": {"LiveApp": {}}}
    differs = {"known": True, "differs": {"LiveApp": ["clusterCommunicationKey"]}}
    assert e.survey(cluster_look(memory=differs), "fleet", [CLUSTER]).uses[0].running is False


def test_a_key_of_the_nodes_that_nothing_shows_is_excused_only_when_asked():
    host = e.survey(cluster_look(), "fleet", [CLUSTER])
    assert e.proved(host, CLUSTER, proof(control="cluster-key"), True, False) == ""
    silent = proof("cannot tell", "cluster-key")
    assert e.proved(host, CLUSTER, silent, True, True) == ""
    assert "cannot tell" in e.proved(host, CLUSTER, silent, True, False)
    assert e.proved(host, CLUSTER, proof("not enforced", "cluster-key"), True, True)
    assert "was not asked about" in e.proved(host, CLUSTER, proof(), True, True)


def test_the_case_of_the_previous_key_is_one_that_is_asked():
    """A proof that called it otherwise would never prove anything."""
    from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
        controls as _controls,
    )

    cases = [case for case, _expected, _token in _controls._jwt_cases("a" * 32, {}, "b" * 32)]
    assert e.PREVIOUS_CASE in cases and _controls.REFUSED == "refused"


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
    "probes": [{"app": "LiveApp", "control": "play", "case": e.PREVIOUS_CASE, "came": "refused"}],
}
CHANGE = {"changed": True, "fingerprints": {"management": "fp:m", "apps": {"LiveApp": {}}}}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_answer_of_a_host_stops_the_others(data):
    """Whatever stands in place of any part of an answer, something is said of that host."""

    def spoilt(answer):
        path = data.draw(st.sampled_from([each for each in places(answer) if each]))
        return changed(answer, path, data.draw(ANYTHING))

    host = e.survey(spoilt(look()), "fleet", SCOPES)
    hosts = {"a": host, "b": e.survey(look(), "fleet", SCOPES)}
    for scope in SCOPES:
        e.seen(hosts, scope)
        e.unused(hosts, scope)
        assert isinstance(e.holds(host, scope, "fp:s", spoilt(CHANGE)), str)
        for old in (True, False):
            assert isinstance(e.proved(host, scope, spoilt(PROOF), old, True), str)
    e.policy(host, SCOPES)
    e.overruled({"apps": {"LiveApp": {"stream": "x" * 40}}}, host, {STREAM: {"fp:s"}})
