from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import evidence as e
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import Seen

from tests.kit.rotating import CLUSTER, MANAGEMENT, REST, SCOPES, STREAM, cluster_look, look


def overruled(setting, app="*", **more):
    """What facts tell of a setting that is taken from elsewhere than its file."""
    entry = {"app": app, "setting": setting, "key": setting, "way": "environment variable"}
    return {**entry, "where": "the server's environment", "when": "now", "fills": False, **more}


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
        (look(process=None, unseen=None), "its server does not run"),
        (look(process=None, unseen="a port answers"), "its server is not seen: a port answers"),
        (
            look(
                overruled=[
                    overruled("jwtSecretKey", key="settings_jwtSecretKey"),
                    overruled("hlsTime", key="HLSTIME"),
                ]
            ),
            "its settings files are overruled by the server's environment (settings_jwtSecretKey)",
        ),
        (look(overruled=[overruled("*", app="LiveApp", key="others", where="/x")]), "/x (others)"),
        (
            look(overruled=[overruled("server.jwtServerSecretKey", app="", key="k")]),
            "the server's environment (k)",
        ),
    ],
)
def test_hosts_that_cannot_take_part(found, said):
    host = e.survey(found, "fleet", SCOPES)
    assert said in host.trouble and "more" not in host.trouble


@pytest.mark.parametrize(
    "entry",
    [
        overruled("jwtSecretKey", fills=True),  # until a rotation has written it
        overruled("*", app="LiveApp", way="database"),
        overruled("jwtSecretKey", way="reference"),
        overruled("jwtSecretKey", app=""),
        overruled("jwtSecretKey", app="third"),
    ],
)
def test_what_keeps_nobody_from_taking_part(entry):
    assert e.survey(look(overruled=[entry]), "fleet", SCOPES).trouble == ""


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


def test_every_application_uses_the_key_of_the_nodes_where_the_version_has_one():
    """The other application stands for a version that has none."""
    host = e.survey(cluster_look(), "fleet", [CLUSTER])
    assert host.uses == (use(CLUSTER, "LiveApp", "cluster", "fp:c"),)
    assert e.survey(cluster_look(), "fleet", SCOPES[:1]).uses[0].realm == "stream"
    differs = {"known": True, "differs": {"LiveApp": ["clusterCommunicationKey"]}}
    assert e.survey(cluster_look(memory=differs), "fleet", [CLUSTER]).uses[0].running is False
