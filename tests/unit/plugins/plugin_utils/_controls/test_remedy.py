from __future__ import annotations

import yaml
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    open_doors as _open_doors,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remedy as _remedy,
)

from tests.kit import judged


def test_the_operator_stays_in_the_list():
    host = judged.evidence(facts={"evidence": {"machine": {"operator": "198.51.100.7"}}})
    assert _remedy.own_addresses(host) == ["127.0.0.1", "198.51.100.7"]
    host = judged.evidence(facts={"evidence": {"machine": {"operator": "127.0.0.1"}}})
    assert _remedy.own_addresses(host) == ["127.0.0.1"]
    assert _remedy.own_addresses(judged.evidence()) == ["127.0.0.1"]


def test_every_door_that_can_be_open_can_be_closed():
    assert {door.name for door in _open_doors.OPEN} == set(_remedy.CLOSES)


def test_a_policy_as_lines():
    assert _remedy.lines({}) == ""
    text = _remedy.lines({**judged.POLICY, "antmedia_management_jwt": True})
    assert yaml.safe_load(text) == {**judged.POLICY, "antmedia_management_jwt": True}
    hostile = {"antmedia_apps": {"a: {b}\n- c": {"x": "{{ 1 }}"}}}
    assert yaml.safe_load(_remedy.lines(hostile)) == hostile


def secrets(place):
    return {use.setting: use.policy for use in _remedy.secrets_in_use(place)}


def test_secrets_whose_switch_is_on(audited_host):
    audited_host.enterprise()
    audited_host.app({"jwtControlEnabled": "true", "hashControlPlayEnabled": "true"})
    host = audited_host.evidence()
    found = secrets(host.apps[0])
    assert set(found) == {"jwtSecretKey", "tokenHashSecret", "clusterCommunicationKey"}
    store = _remedy.STORE
    assert found["jwtSecretKey"] == {**store, "antmedia_apps": {"LiveApp": {"rest_jwt": True}}}
    assert found["tokenHashSecret"] == {**store, "antmedia_apps": {"LiveApp": {"play": "hash"}}}
    assert found["clusterCommunicationKey"] == store
    assert secrets(host.server) == {}


def test_the_secret_of_the_management(audited_host):
    audited_host.server({"server.jwtServerControlEnabled": "true"})
    found = secrets(audited_host.evidence().server)
    assert found == {
        "server.jwtServerSecretKey": {**_remedy.STORE, "antmedia_management_jwt": True}
    }


def test_what_closes_a_door(audited_host):
    app = audited_host.evidence().apps[0]
    doors = {(door.name, door.since): door for door in _open_doors.OPEN}
    policy = {"antmedia_apps": {app.name: {"settings": {"generatePreview": False}}}}
    assert _remedy.closed(app, doors["preview", ()]) == (policy, "")
    assert _remedy.closed(app, doors["rtmp-play", ()]) == ({}, "Upgrade the server.")


def test_the_policy_of_one_secret(audited_host):
    audited_host.app({"jwtControlEnabled": "true"})
    app = audited_host.evidence().apps[0]
    policy = {"antmedia_apps": {app.name: {"rest_jwt": True}}}
    assert _remedy.of_secret(app, "jwtSecretKey") == {**_remedy.STORE, **policy}
    assert _remedy.of_secret(app, "jwtStreamSecretKey") == {}
