"""A control has its secret, and a secret one realm."""

from __future__ import annotations

ENTERPRISE = {"edition": "enterprise"}
BOTH = ("LiveApp", "events")


def test_a_good_secret_on_the_host_will_do(compile_, fake):
    server = fake.SERVER.replace(
        b"jwtServerSecretKey=", b"jwtServerSecretKey=" + fake.SECRETS["management"].encode()
    )
    app = fake.app_text("LiveApp") + b"\njwtSecretKey=" + fake.SECRETS["rest"].encode()
    wanted = compile_(
        on={"server": server, "apps": {"LiveApp": app}},
        management_jwt=True,
        app_defaults={"rest_jwt": True},
    )
    assert wanted.server == {"server.jwtServerControlEnabled": "true"}
    assert wanted.apps["LiveApp"] == {"jwtControlEnabled": "true"}


def test_a_control_without_its_secret(faults):
    needs = (
        "needs a secret; the playbook streamward.antmedia.secrets makes it where"
        " antmedia_secret_store is set, else set"
    )
    assert faults(
        on=ENTERPRISE,
        management_jwt=True,
        app_defaults={"rest_jwt": True},
        apps={"LiveApp": {"play": "jwt"}, "events": {"publish": "hash"}},
        host_apps={"events": {"settings": {"hashControlPlayEnabled": True}}},
    ) == [
        f"antmedia_management_jwt: {needs} antmedia_secrets.management",
        f"antmedia_app_defaults.rest_jwt: {needs} antmedia_secrets.apps.LiveApp.rest",
        f"antmedia_apps.LiveApp.play: {needs} antmedia_secrets.apps.LiveApp.stream",
        f"antmedia_app_defaults.rest_jwt: {needs} antmedia_secrets.apps.events.rest",
        f"antmedia_apps.events.publish: {needs} antmedia_secrets.apps.events.hash",
    ]


def test_a_weak_secret_on_the_host_will_not_do(faults, fake):
    app = fake.app_text("LiveApp") + b"\njwtSecretKey=weak-one\n"
    (fault,) = faults(on={"apps": {"LiveApp": app}}, app_defaults={"rest_jwt": True})
    assert fault == (
        "antmedia_app_defaults.rest_jwt: the secret on this host has 8 characters, at least 32 are"
        " needed; the playbook streamward.antmedia.secrets makes it where antmedia_secret_store is"
        " set, else set antmedia_secrets.apps.LiveApp.rest"
    )


def test_the_same_secret_in_two_realms(faults, fake):
    one = fake.SECRETS["rest"]
    found = faults(
        on=ENTERPRISE,
        app_defaults={"rest_jwt": True},
        apps={"LiveApp": {"publish": "jwt"}},
        secrets={
            "management": one,
            "app_defaults": {"rest": one},
            "apps": {"LiveApp": {"stream": one}},
        },
    )
    assert found == [
        "antmedia_secrets.app_defaults.rest, antmedia_secrets.apps.LiveApp.stream,"
        " antmedia_secrets.management: the same secret serves two realms; give each its own"
    ]
    assert one not in found[0]


def test_the_same_secret_in_two_realms_one_of_them_on_the_host(faults, fake):
    one = fake.SECRETS["rest"]
    app = fake.app_text("LiveApp") + b"\njwtSecretKey=" + one.encode()
    (fault,) = faults(
        on={"apps": {"LiveApp": app}},
        app_defaults={"rest_jwt": True},
        management_jwt=True,
        secrets={"management": one},
    )
    assert fault == (
        "antmedia_secrets.management, the secret on this host for LiveApp: the same secret serves"
        " two realms; give each its own"
    )


def test_one_secret_for_all_apps_of_a_realm(compile_, fake):
    one = fake.SECRETS["rest"]
    secrets = {"apps": {name: {"rest": one} for name in BOTH}}
    assert compile_(app_defaults={"rest_jwt": True}, secrets=secrets).apps


def test_keys_by_address_overrule_the_secret_of_an_app(faults, compile_, fake):
    secrets = {"app_defaults": {"rest": fake.SECRETS["rest"]}}
    on = {"apps": {"LiveApp": fake.app_text("LiveApp") + b"\njwksURL=https://example.net\n"}}
    assert faults(on=on, app_defaults={"rest_jwt": True}, secrets=secrets) == [
        "antmedia_app_defaults.rest_jwt: jwksURL is set on this host, so the secret would not be"
        " used; set settings: {jwksURL: ''}, or name the address there to keep it"
    ]
    (fault,) = faults(
        on=on, apps={"LiveApp": {"settings": {"jwtControlEnabled": True}}}, secrets=secrets
    )
    assert fault.startswith("antmedia_apps.LiveApp.settings: jwksURL is set on this host")
    keep = {"rest_jwt": True, "settings": {"jwksURL": "https://example.net"}}
    assert compile_(on=on, app_defaults=keep).apps["LiveApp"] == {
        "jwtControlEnabled": "true",
        "jwksURL": "https://example.net",
    }
    drop = {"rest_jwt": True, "settings": {"jwksURL": ""}}
    wanted = compile_(on=on, app_defaults=drop, secrets=secrets).apps["LiveApp"]
    assert wanted["jwksURL"] == ""
    assert wanted["jwtSecretKey"] == fake.SECRETS["rest"]
