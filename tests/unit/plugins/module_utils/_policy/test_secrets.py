"""Secrets are written where they matter, and never shown."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secret as _secret,
    words as _words,
)

ENTERPRISE = {"edition": "enterprise"}
CLUSTER = "cLuster-key-0123456789-abcdefghij-xx"
BOTH = ("LiveApp", "events")
TOP = ", ".join(sorted(_words.TOP_WORDS))
OF_AN_APP = ", ".join(sorted((*_words.APP_SECRETS, "settings")))


def test_totp_secrets_go_with_their_direction(compile_, fake):
    wanted = compile_(
        on=ENTERPRISE,
        apps={"LiveApp": {"play": "totp"}},
        secrets={"apps": {"LiveApp": {k: fake.SECRETS[k] for k in ("totp_play", "totp_publish")}}},
    )
    assert wanted.apps["LiveApp"]["timeTokenSecretForPlay"] == fake.SECRETS["totp_play"]
    assert "timeTokenSecretForPublish" not in wanted.apps["LiveApp"]


def test_a_secret_that_an_old_version_does_not_read_is_left_out(compile_, fake):
    wanted = compile_(
        on={**ENTERPRISE, "version": "2.6.1"},
        apps={"LiveApp": {"play": "totp"}},
        secrets={"apps": {"LiveApp": {"totp_play": fake.SECRETS["totp_play"]}}},
    )
    assert "timeTokenSecretForPlay" not in wanted.apps["LiveApp"]


def test_a_secret_whose_control_is_off_is_not_written(compile_, fake):
    wanted = compile_(
        secrets={
            "apps": {"LiveApp": {"rest": fake.SECRETS["rest"], "stream": fake.SECRETS["stream"]}}
        }
    )
    assert wanted.apps["LiveApp"] == {}


def test_a_secret_is_written_where_its_control_is_on_already(compile_, fake):
    text = fake.app_text("LiveApp") + b"\njwtControlEnabled=YES\n"
    wanted = compile_(
        on={"apps": {"LiveApp": text}},
        secrets={"app_defaults": {"rest": fake.SECRETS["rest"]}},
    )
    assert wanted.apps["LiveApp"] == {"jwtSecretKey": fake.SECRETS["rest"]}


def test_an_app_has_its_own_secret_before_the_one_of_all(compile_, fake):
    wanted = compile_(
        app_defaults={"rest_jwt": True},
        secrets={
            "app_defaults": {"rest": fake.SECRETS["rest"]},
            "apps": {"events": {"rest": fake.SECRETS["stream"]}, "elsewhere": {}},
        },
    )
    assert wanted.apps["LiveApp"]["jwtSecretKey"] == fake.SECRETS["rest"]
    assert wanted.apps["events"]["jwtSecretKey"] == fake.SECRETS["stream"]


BAD_SECRETS = [
    ("sh0rt-One", "has 9 characters, at least 32 are needed"),
    ("x" * 20 + "bad blank-abcdefghijkl", "has a blank, a control character or"),
    ("with-quote'-0123456789-abcdefghij", "has a backslash or a quote"),
    ("with-backslash\\-0123456789-abcdefghij", "has a backslash or a quote"),
    ("umlaut-\u00e4-0123456789-abcdefghij-xxx", "has a blank, a control character or"),
    ("newline-0123456789\n-abcdefghij-xxxxx", "has a blank, a control character or"),
    ("expand-${x}-0123456789-abcdefghij-xx", "has ${ or #{, which the server"),
    ("expand-#{x}-0123456789-abcdefghij-xx", "has ${ or #{, which the server"),
    ("", "is empty"),
    (None, "is null, which says nothing"),
    (12345678901234567890123456789012, "is not a text; put it in quotes"),
    *((sample, "is a published sample") for sample in sorted(_secret.KNOWN_SAMPLES)),
]


@pytest.mark.parametrize(("secret", "reason"), BAD_SECRETS)
def test_unfit_secrets_are_named_not_shown(faults, secret, reason):
    found = faults(
        on=ENTERPRISE,
        app_defaults={"rest_jwt": True, "publish": "jwt"},
        secrets={"app_defaults": {"rest": secret}, "apps": {n: {"stream": secret} for n in BOTH}},
    )
    assert [fault.partition(": ")[0] for fault in found] == [
        "antmedia_secrets.app_defaults.rest",
        "antmedia_secrets.apps.LiveApp.stream",
        "antmedia_secrets.apps.events.stream",
    ]
    for fault in found:
        assert fault.partition(": ")[2].startswith(reason)
        assert not secret or str(secret) not in fault


@pytest.mark.parametrize(
    ("secret", "reason"), [pair for pair in BAD_SECRETS if pair[0] is not None]
)
def test_unfit_management_secret(faults, secret, reason):
    (fault,) = faults(management_jwt=True, secrets={"management": secret})
    assert fault.startswith("antmedia_secrets.management: " + reason)
    assert not secret or str(secret) not in fault


def test_secrets_laid_out_wrongly(faults, fake):
    found = faults(
        secrets={
            "managment": fake.SECRETS["management"],
            "apps": {"LiveApp": fake.SECRETS["rest"], "events": {"rset": fake.SECRETS["rest"]}},
            "app_defaults": [1],
            "admin": {"email": "a@example.net", "password": ""},
            "settings": "x",
        }
    )
    assert found == [
        f"antmedia_secrets.managment: is not known; known are {TOP}",
        "antmedia_secrets.app_defaults: is not a mapping",
        "antmedia_secrets.settings: is not a mapping",
        "antmedia_secrets.apps.LiveApp: is not a mapping",
        "antmedia_secrets.admin: has no password",
        f"antmedia_secrets.apps.events.rset: is not known; known are {OF_AN_APP}",
    ]


@pytest.mark.parametrize("above", [{}, {"cluster": CLUSTER}])
def test_a_secret_of_the_whole_fleet_is_none_of_an_application(faults, above):
    assert faults(secrets={**above, "apps": {"LiveApp": {"cluster": CLUSTER}}}) == [
        f"antmedia_secrets.apps.LiveApp.cluster: is not known; known are {OF_AN_APP}"
    ]


def test_secrets_that_are_no_mapping(compile_):
    assert compile_(secrets=None).server == {}
    assert compile_(secrets={"apps": {}, "admin": {}, "app_defaults": {}}).server == {}


def test_the_key_of_the_nodes_is_that_of_every_application(compile_):
    wanted = compile_(secrets={"cluster": CLUSTER})
    assert wanted.warnings == []
    assert {app: of["clusterCommunicationKey"] for app, of in wanted.apps.items()} == {
        "LiveApp": CLUSTER,
        "events": CLUSTER,
    }
    own = {"apps": {"events": {"settings": {"clusterCommunicationKey": "k" * 40}}}}
    wanted = compile_(secrets={"cluster": CLUSTER, **own})
    assert wanted.apps["events"]["clusterCommunicationKey"] == "k" * 40
    assert wanted.apps["LiveApp"]["clusterCommunicationKey"] == CLUSTER


def test_a_version_that_keeps_no_key_of_the_nodes(compile_):
    wanted = compile_(on={"version": "2.6.1"}, secrets={"cluster": CLUSTER})
    assert wanted.apps == {"LiveApp": {}, "events": {}}
    assert wanted.warnings == [
        f"app {app}: antmedia_secrets.cluster: Ant Media Server 2.6.1 keeps no such key; it is"
        " left out"
        for app in ("LiveApp", "events")
    ]


def test_a_bad_key_of_the_nodes(faults, fake):
    found = faults(secrets={"cluster": "short"})
    assert {fault.partition(": ")[0] for fault in found} == {"antmedia_secrets.cluster"}
    assert any("32" in fault for fault in found)
    (fault,) = faults(
        app_defaults={"rest_jwt": True},
        secrets={"cluster": fake.SECRETS["rest"], "app_defaults": {"rest": fake.SECRETS["rest"]}},
    )
    assert "the same secret serves two realms" in fault


def test_further_secrets_by_the_servers_names(compile_):
    wanted = compile_(
        secrets={
            "settings": {"clusterdb.password": "short one"},
            "apps": {"LiveApp": {"settings": {"s3SecretKey": "s3"}}},
            "app_defaults": {"settings": {"turnServerCredential": "turn"}},
        }
    )
    assert wanted.server == {"clusterdb.password": "short one"}
    assert wanted.apps["LiveApp"] == {"s3SecretKey": "s3"}
    assert wanted.apps["events"] == {"turnServerCredential": "turn"}


def test_faults_in_further_secrets(faults):
    secret = "must-not-be-shown-anywhere"
    found = faults(
        on={"version": "2.6.1"},
        secrets={
            "settings": {"clusterdb.password": 5, "http.port": secret, "nope": secret},
            "apps": {
                "LiveApp": {
                    "settings": {
                        "s3SecretKey": secret + "${x}",
                        "apnPrivateKey": secret,
                        "jwtSecretKey": secret,
                        "settings.s3SecretKey": secret,
                        "hlsTime": secret,
                    }
                }
            },
        },
    )
    assert found == [
        "antmedia_secrets.settings.clusterdb.password: is not a text; put it in quotes",
        "antmedia_secrets.settings.http.port: is not a secret of the server",
        "antmedia_secrets.settings.nope: is not a secret of the server",
        "antmedia_secrets.apps.LiveApp.settings.s3SecretKey: has ${ or #{, which the server would"
        " expand or execute",
        "antmedia_secrets.apps.LiveApp.settings.apnPrivateKey: Ant Media Server 2.6.1 does not read"
        " it; it came with 2.9.0",
        "antmedia_secrets.apps.LiveApp.settings.jwtSecretKey: put it into"
        " antmedia_secrets.apps.LiveApp.rest",
        "antmedia_secrets.apps.LiveApp.settings.settings.s3SecretKey: is not a secret of an"
        " application",
        "antmedia_secrets.apps.LiveApp.settings.hlsTime: is not a secret of an application",
    ]
    assert not any(secret in fault for fault in found)
